package dev.alertuser.queues;

import com.azure.core.util.Context;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.models.PeekedMessageItem;
import com.azure.storage.queue.models.QueueErrorCode;
import com.azure.storage.queue.models.QueueStorageException;
import dev.alertuser.service.port.MessageQueueException;
import dev.alertuser.service.port.QueueGauge;
import dev.alertuser.service.port.QueueState;
import java.util.List;
import java.util.function.Function;

/** Reads the properties of queues in Azure Storage, and peeks at their messages. */
public final class StorageQueueGauge implements QueueGauge {
    /** The most messages that one peek returns. */
    private static final int HEAD = 32;

    private final Function<String, QueueClient> queues;

    /** @param queues clients by queue name; they do not decode messages, since not every sender uses Base64 */
    public StorageQueueGauge(Function<String, QueueClient> queues) {
        this.queues = queues;
    }

    @Override
    public QueueState look(String queueName) {
        try {
            QueueClient queue = queues.apply(queueName);
            long messages = queue.getProperties().getApproximateMessagesCountLong();
            return new QueueState(
                    messages,
                    queue.peekMessages(HEAD, null, Context.NONE).stream()
                            .map(StorageQueueGauge::waiting)
                            .toList());
        } catch (QueueStorageException e) {
            if (QueueErrorCode.QUEUE_NOT_FOUND.equals(e.getErrorCode())) {
                return new QueueState(0, List.of());
            }
            throw unavailable(queueName, e);
        } catch (RuntimeException e) {
            throw unavailable(queueName, e);
        }
    }

    private static QueueState.Waiting waiting(PeekedMessageItem message) {
        return new QueueState.Waiting(
                message.getBody().toString(), message.getInsertionTime().toInstant());
    }

    private static MessageQueueException unavailable(String queueName, RuntimeException cause) {
        return new MessageQueueException("the queue " + queueName + " could not be read", cause);
    }
}
