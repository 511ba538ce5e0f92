package dev.alertuser.payload;

import dev.alertuser.payload.json.InvalidBodyException;
import org.jspecify.annotations.Nullable;

/**
 * A part of a body that should hold an alert id and cannot be read. It does not affect other parts.
 *
 * @param path its place in the body; empty for the body itself
 * @param reason {@link InvalidBodyException.Reason#INVALID_ALERT_ID} or {@link InvalidBodyException.Reason#INVALID_BODY}
 * @param message expected, found and where, in one sentence; it quotes nothing of the body and may be shown to the caller
 * @param correlationId of the envelope around it, as in {@link FoundId}
 */
public record InvalidEntry(
        String path,
        InvalidBodyException.Reason reason,
        String message,
        @Nullable String correlationId) {}
