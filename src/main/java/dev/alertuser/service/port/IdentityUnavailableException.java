package dev.alertuser.service.port;

/** No token for Defender could be had. The operator must look at the identity; the message holds no secret. */
public final class IdentityUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public IdentityUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
