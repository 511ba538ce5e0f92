package dev.alertuser.payload;

import dev.alertuser.service.alert.AlertId;
import org.jspecify.annotations.Nullable;

/**
 * An alert id and its origin.
 *
 * @param path such as {@code object.properties.alerts[0].properties.alertLink}; empty when the body is the id itself
 * @param correlationId the sender's id of this request: the member of that name in our own form, else the CloudEvents
 *     extension of that name, else the id of the CloudEvents envelope; 1 to 128 visible ASCII characters
 * @param traceparent W3C trace context, from the member of that name in our own form or the CloudEvents extension
 */
public record FoundId(
        AlertId alertId,
        String path,
        @Nullable String correlationId,
        @Nullable String traceparent) {}
