package dev.alertuser.service.port;

/** A queue could not be read, or a message not sent. After a failed send the caller must not delete the original message. */
public final class MessageQueueException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MessageQueueException(String message, Throwable cause) {
        super(message, cause);
    }
}
