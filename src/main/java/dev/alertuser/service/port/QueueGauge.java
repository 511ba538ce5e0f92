package dev.alertuser.service.port;

/** Reads the state of storage queues without dequeuing. Thread-safe. */
public interface QueueGauge {
    /**
     * Reads one queue; a queue that does not exist counts as empty.
     *
     * @throws MessageQueueException if the queue is out of reach
     */
    QueueState look(String queueName);
}
