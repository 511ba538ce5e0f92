package dev.alertuser.service.budget;

/** A permit ran out before its request left. The permit is lost; nothing was sent; take another. */
public final class LatePermitException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LatePermitException() {
        super("the permit ran out before the request left");
    }
}
