package dev.alertuser.localkit.host.queue;

import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.models.QueueMessageItem;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A message under way, which nobody else sees: its lease is renewed whenever half of it is over, until the message is closed. */
final class LeasedMessage implements AutoCloseable {
    private final QueueClient queue;
    private final QueueMessageItem message;
    private final Duration lease;
    private final Logger log;
    private final ScheduledFuture<?> renewals;
    private String popReceipt;
    private boolean closed;

    LeasedMessage(
            QueueClient queue, QueueMessageItem message, Duration lease, ScheduledExecutorService timer, Logger log) {
        this.queue = queue;
        this.message = message;
        this.lease = lease;
        this.log = log;
        this.popReceipt = message.getPopReceipt();
        long half = lease.toMillis() / 2;
        renewals = timer.scheduleWithFixedDelay(this::renew, half, half, TimeUnit.MILLISECONDS);
    }

    private synchronized void renew() {
        if (closed) {
            return;
        }
        try {
            makeVisibleAfter(lease);
        } catch (RuntimeException e) {
            log.log(Level.WARNING, "the lease of message {0} was not renewed", message.getMessageId());
        }
    }

    QueueMessageItem message() {
        return message;
    }

    synchronized void makeVisibleAfter(Duration time) {
        popReceipt = queue.updateMessage(
                        message.getMessageId(), popReceipt, message.getBody().toString(), time)
                .getPopReceipt();
    }

    synchronized void delete() {
        queue.deleteMessage(message.getMessageId(), popReceipt);
    }

    @Override
    public synchronized void close() {
        closed = true;
        renewals.cancel(false);
    }
}
