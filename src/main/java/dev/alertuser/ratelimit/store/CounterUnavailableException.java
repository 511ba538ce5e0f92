package dev.alertuser.ratelimit.store;

import org.jspecify.annotations.Nullable;

/** The table did not do what was asked. A write may still have happened: see {@link CounterStore#replace}. */
public final class CounterUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CounterUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
