package dev.alertuser.service.port;

/** A message could not be sent. Whoever holds the original message must keep it. */
public final class MessageQueueException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MessageQueueException(String message, Throwable cause) {
        super(message, cause);
    }
}
