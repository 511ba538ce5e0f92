package dev.alertuser.payload.json;

import org.jspecify.annotations.Nullable;

/**
 * A body cannot be read; the caller must correct it. The message names what was expected, what was found and where; it quotes
 * nothing of the body and may be shown to the caller.
 */
public final class InvalidBodyException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** What is wrong with a body. */
    public enum Reason {
        /** More than {@link dev.alertuser.payload.AlertIds#MAX_BYTES}; nothing was read. */
        TOO_LARGE,
        /** No JSON, nested too deeply, or a member of ours with a value of the wrong type. */
        INVALID_BODY,
        /** An id that no alert can have. */
        INVALID_ALERT_ID,
        /** A body of no known kind. */
        NO_ALERT_ID,
        /** More distinct ids than the caller of this package takes. */
        TOO_MANY_ALERTS
    }

    private final Reason reason;
    private final @Nullable String correlationId;

    public InvalidBodyException(Reason reason, String message, @Nullable String correlationId) {
        super(message);
        this.reason = reason;
        this.correlationId = correlationId;
    }

    public Reason reason() {
        return reason;
    }

    /** The correlation id if it was read before the fault, so that even the answer to a bad message carries it; else null. */
    public @Nullable String correlationId() {
        return correlationId;
    }
}
