package dev.alertuser.service.budget;

/** A permit expired before its request was sent. The permit is lost and nothing was sent; the caller takes another one. */
public final class LatePermitException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LatePermitException() {
        super("the permit expired before the request was sent");
    }
}
