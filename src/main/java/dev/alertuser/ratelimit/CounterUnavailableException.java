package dev.alertuser.ratelimit;

import org.jspecify.annotations.Nullable;

/** The table did not do what was asked. A write may still have happened: see {@link CounterStore#replace}. */
final class CounterUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CounterUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
