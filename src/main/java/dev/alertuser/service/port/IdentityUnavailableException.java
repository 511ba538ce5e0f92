package dev.alertuser.service.port;

/** The identity endpoint gave no token for Defender. The operator must check the identity; the message holds no secret. */
public final class IdentityUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public IdentityUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
