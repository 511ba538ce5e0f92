package dev.alertuser.service.port;

/** Looks at storage queues and takes nothing from them. Thread-safe. */
public interface QueueGauge {
    /**
     * How full a queue is; a queue that does not exist is empty.
     *
     * @throws MessageQueueException if it is out of reach
     */
    QueueState look(String queueName);
}
