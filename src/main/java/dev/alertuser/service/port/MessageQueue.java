package dev.alertuser.service.port;

import java.time.Duration;

/** The sending side of one storage queue. Thread-safe. */
public interface MessageQueue {
    /**
     * Sends a message that becomes visible after the delay and lives for 7 days from then on.
     *
     * @param text at most 48 KiB in UTF-8
     * @param delay zero, or up to 7 days
     * @throws MessageQueueException if the queue is out of reach
     */
    void send(String text, Duration delay);
}
