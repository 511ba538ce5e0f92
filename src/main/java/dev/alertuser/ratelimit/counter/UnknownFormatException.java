package dev.alertuser.ratelimit.counter;

/** The row was written by a newer version of the app. It is left alone and no permit is granted: deploy that version again. */
public final class UnknownFormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnknownFormatException(String message) {
        super(message);
    }
}
