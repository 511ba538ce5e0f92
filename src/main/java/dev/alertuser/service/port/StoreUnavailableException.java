package dev.alertuser.service.port;

import org.jspecify.annotations.Nullable;

/** Kept answers cannot be read or written. Lookups go on without them, at the price of a permit. */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StoreUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
