package dev.alertuser.service.port;

import org.jspecify.annotations.Nullable;

/** Cached answers or pending lookups cannot be read or written. Without the cache a lookup goes on, at the price of a permit. */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StoreUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
