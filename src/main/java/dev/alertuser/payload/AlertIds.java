package dev.alertuser.payload;

import dev.alertuser.service.AlertId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The alert ids that a body holds.
 *
 * @param found one or more, each id once, in the order of its first appearance
 * @param skipped how many alerts were left out because they are of another product than Defender for Endpoint
 * @param clientStates what the change notifications of Microsoft Graph in the body give as the client state, wherever they stand; one that
 *     gives none counts as an empty text
 */
public record AlertIds(List<Found> found, int skipped, Set<String> clientStates) {
    /** The most that is read of a body: 1 MiB in UTF-8. */
    public static final int MAX_BYTES = 1 << 20;

    /**
     * An alert id and where it comes from.
     *
     * @param path such as {@code object.properties.alerts[0].properties.alertLink}; empty when the body is the id itself
     * @param correlationId what the sender calls this request: the member of that name in our own form, else the CloudEvents
     *     extension of that name, else the id of the CloudEvents envelope; 1 to 128 visible ASCII characters
     * @param traceparent W3C trace context, from the member of that name in our own form or the CloudEvents extension
     */
    public record Found(
            AlertId alertId,
            String path,
            @Nullable String correlationId,
            @Nullable String traceparent) {

        /** What to tell the caller if Defender does not know this id; empty unless the id looks like another product's. */
        public Optional<String> hint() {
            return AlertIdHint.of(alertId);
        }
    }

    public AlertIds {
        found = List.copyOf(found);
        clientStates = Set.copyOf(clientStates);
    }

    /**
     * Reads the alert ids of an HTTP body or a webhook delivery: {@code {"alertId"}}, {@code {"alertIds"}}, a JSON string or array, or the
     * body of a sender that {@link Sender} knows, in an envelope or not.
     *
     * @param limit how many distinct ids are taken at most
     * @throws InvalidBodyException if there is no id, one too many, or something of the wrong form
     */
    public static AlertIds ofBody(String body, int limit) {
        return new AlertIdReader(limit, false).read(body);
    }

    /**
     * Reads the alert ids of a queue message: all that can be an HTTP body, and a bare id, which is no JSON.
     *
     * @param limit as for {@link #ofBody}
     * @throws InvalidBodyException as for {@link #ofBody}
     */
    public static AlertIds ofMessage(String text, int limit) {
        return new AlertIdReader(limit, true).read(text);
    }
}
