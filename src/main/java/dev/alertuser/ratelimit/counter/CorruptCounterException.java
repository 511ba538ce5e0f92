package dev.alertuser.ratelimit.counter;

import org.jspecify.annotations.Nullable;

/** These bytes are no counter: somebody else wrote them. */
public final class CorruptCounterException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CorruptCounterException(String message) {
        this(message, null);
    }

    CorruptCounterException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
