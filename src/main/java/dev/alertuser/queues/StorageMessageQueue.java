package dev.alertuser.queues;

import com.azure.core.util.Context;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.models.QueueErrorCode;
import com.azure.storage.queue.models.QueueStorageException;
import dev.alertuser.service.port.MessageQueue;
import dev.alertuser.service.port.MessageQueueException;
import java.time.Duration;

/** A queue in Azure Storage, created by the first message that finds it missing. */
public final class StorageMessageQueue implements MessageQueue {
    /** Time to live of a message. The service counts it from sending, so a delayed message gets its delay on top. */
    private static final Duration LIFE = Duration.ofDays(7);

    private final QueueClient queue;

    /** @param queue a client that encodes messages in Base64 */
    public StorageMessageQueue(QueueClient queue) {
        this.queue = queue;
    }

    @Override
    public void send(String text, Duration delay) {
        try {
            trySend(text, delay);
        } catch (QueueStorageException e) {
            if (!QueueErrorCode.QUEUE_NOT_FOUND.equals(e.getErrorCode())) {
                throw unavailable(e);
            }
            createAndSend(text, delay);
        } catch (RuntimeException e) {
            throw unavailable(e);
        }
    }

    private void createAndSend(String text, Duration delay) {
        try {
            queue.createIfNotExists();
            trySend(text, delay);
        } catch (RuntimeException e) {
            throw unavailable(e);
        }
    }

    private void trySend(String text, Duration delay) {
        queue.sendMessageWithResponse(text, delay, LIFE.plus(delay), null, Context.NONE);
    }

    private MessageQueueException unavailable(RuntimeException cause) {
        return new MessageQueueException("no message could be sent to the queue " + queue.getQueueName(), cause);
    }
}
