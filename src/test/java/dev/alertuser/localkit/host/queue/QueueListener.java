package dev.alertuser.localkit.host.queue;

import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.models.QueueMessageItem;
import dev.alertuser.localkit.host.function.Deadline;
import dev.alertuser.localkit.host.function.FunctionDefinition;
import dev.alertuser.localkit.host.function.Invoker;
import dev.alertuser.localkit.host.function.LocalTraceContext;
import dev.alertuser.localkit.host.function.RunningCalls;
import dev.alertuser.localkit.host.settings.QueueSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Feeds one queue's messages to its function, as the storage extension does:
 *
 * <ol>
 *   <li>A batch is leased for 10 minutes, and the next one when no more than {@code newBatchThreshold} messages are under way. The lease of a
 *       message under way is renewed.
 *   <li>Success deletes the message. Failure, the end of the worker included, makes it visible again after {@code visibilityTimeout}; after
 *       {@code maxDequeueCount} tries its text goes to the poison queue, for 7 days.
 *   <li>What is no Base64 goes to the poison queue at once, as it is.
 *   <li>A queue whose name ends in {@code -poison} has no poison queue of its own. A message that fails there waits for the end of its
 *       lease; after {@code maxDequeueCount} tries, or when it is no Base64, the function never sees it again, and it stays in the queue
 *       until its life is over.
 * </ol>
 */
public final class QueueListener {
    /** For calls under way, before it looks again whether it is to stop. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private static final Duration MIN_POLLING_INTERVAL = Duration.ofMillis(100);

    private final FunctionDefinition function;
    private final QueueClient queue;
    private final Optional<QueueClient> poisonQueue;
    private final QueueSettings settings;
    private final Invoker invoker;
    private final Executor threads;
    private final ScheduledExecutorService timer;
    private final Logger log;
    private final RunningCalls running = new RunningCalls();
    private final Thread poller;
    private boolean stopped;

    /**
     * @param queue a client that leaves the text of messages alone
     * @param poisonQueue the same; empty for a poison queue
     */
    public QueueListener(
            FunctionDefinition function,
            QueueClient queue,
            Optional<QueueClient> poisonQueue,
            QueueSettings settings,
            Invoker invoker,
            Executor threads,
            ScheduledExecutorService timer,
            Logger log) {
        this.function = function;
        this.queue = queue;
        this.poisonQueue = poisonQueue;
        this.settings = settings;
        this.invoker = invoker;
        this.threads = threads;
        this.timer = timer;
        this.log = log;
        this.poller = new Thread(this::poll, "queue " + queue.getQueueName());
        poller.setDaemon(true);
    }

    public void start() {
        poller.start();
    }

    /** Fetches no more messages, once the batch that is being fetched has come. */
    public synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    /** Messages under way. */
    public int running() {
        return running.count();
    }

    /** After {@link #stop}: waits until the last message is done with, or the time is up. */
    public void awaitEnd(Deadline deadline) {
        try {
            // It waits for calls, too, before it notices that it is to stop.
            poller.join(Math.max(1, deadline.left().toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.awaitAtMost(0, deadline.left());
    }

    private void poll() {
        Duration pause = MIN_POLLING_INTERVAL;
        boolean present = false;
        while (!isStopped()) {
            boolean found = false;
            try {
                if (!present) {
                    queue.createIfNotExists();
                    present = true;
                }
                found = fetch();
            } catch (RuntimeException e) {
                present = false;
                log.log(Level.WARNING, "queue {0} is out of reach: {1}", new Object[] {queue.getQueueName(), reason(e)
                });
            }
            if (found) {
                pause = MIN_POLLING_INTERVAL;
                running.awaitAtMost(settings.newBatchThreshold(), LONGEST_WAIT);
            } else {
                pauseFor(pause);
                pause = min(pause.multipliedBy(2), settings.maxPollingInterval());
            }
        }
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    private synchronized void pauseFor(Duration pause) {
        long deadline = System.nanoTime() + pause.toNanos();
        long millis = pause.toMillis();
        try {
            while (!stopped && millis > 0) {
                wait(millis);
                millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            }
        } catch (InterruptedException e) {
            stopped = true;
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private boolean fetch() {
        boolean found = false;
        for (QueueMessageItem message :
                queue.receiveMessages(settings.batchSize(), settings.lease(), null, Context.NONE)) {
            found = true;
            running.enter();
            threads.execute(() -> settle(message));
        }
        return found;
    }

    private void settle(QueueMessageItem message) {
        try (LeasedMessage leased = new LeasedMessage(queue, message, settings.lease(), timer, log)) {
            offer(leased);
        } catch (RuntimeException e) {
            log.log(Level.WARNING, "message {0} of queue {1} stays leased: {2}", new Object[] {
                message.getMessageId(), queue.getQueueName(), reason(e)
            });
        } finally {
            running.leave();
        }
    }

    private void offer(LeasedMessage leased) {
        QueueMessageItem message = leased.message();
        Optional<byte[]> body = settings.base64()
                ? HostQueueText.fromBase64(message.getBody().toString())
                : Optional.of(message.getBody().toBytes());
        if (body.isEmpty()) {
            log.log(Level.WARNING, "message {0} of queue {1} is no Base64", new Object[] {
                message.getMessageId(), queue.getQueueName()
            });
            moveToPoisonQueue(leased);
        } else if (message.getDequeueCount() > settings.maxDequeueCount()) {
            moveToPoisonQueue(leased);
        } else {
            call(leased, body.get());
        }
    }

    private void call(LeasedMessage leased, byte[] body) {
        try {
            String text = HostQueueText.utf8(body);
            Map<String, String> metadata = QueueMetadata.of(leased.message(), text);
            invoker.call(function, text, metadata, LocalTraceContext.started());
        } catch (Exception e) {
            putBack(leased);
            return;
        }
        leased.delete();
    }

    private void putBack(LeasedMessage leased) {
        if (poisonQueue.isEmpty()) {
            return;
        }
        if (leased.message().getDequeueCount() >= settings.maxDequeueCount()) {
            moveToPoisonQueue(leased);
        } else {
            leased.makeVisibleAfter(settings.visibilityTimeout());
        }
    }

    private void moveToPoisonQueue(LeasedMessage leased) {
        if (poisonQueue.isEmpty()) {
            return;
        }
        QueueClient poison = poisonQueue.get();
        QueueMessageItem message = leased.message();
        log.log(Level.WARNING, "message {0} goes to queue {1}", new Object[] {
            message.getMessageId(), poison.getQueueName()
        });
        poison.createIfNotExists();
        poison.sendMessage(BinaryData.fromString(message.getBody().toString()));
        leased.delete();
    }

    /** One line: the SDK's messages hold whole documents. */
    private static String reason(RuntimeException e) {
        return String.valueOf(e.getMessage())
                .lines()
                .limit(3)
                .reduce("", (one, other) -> one + " " + other)
                .strip();
    }
}
