package dev.alertuser.functions.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.payload.AlertIds;
import dev.alertuser.payload.json.Json;
import java.util.Optional;

/**
 * The event by which Event Grid asks whether an endpoint wants its events. Its {@code validationUrl} is for people; it is never followed, since
 * whoever sends this event would choose what we call.
 *
 * @see <a href="https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema">Endpoint validation</a>
 */
public final class SubscriptionValidation {
    private static final String EVENT_TYPE = "Microsoft.EventGrid.SubscriptionValidationEvent";

    private SubscriptionValidation() {}

    /** The code to answer with; empty unless the event is whole and alone in its array, as Event Grid sends it. */
    public static Optional<String> code(String body) {
        if (body.length() > AlertIds.MAX_BYTES) {
            return Optional.empty();
        }
        try {
            JsonNode events = Json.read(Json.trim(body));
            return Optional.of(events)
                    .filter(array -> array.isArray() && array.size() == 1)
                    .map(array -> array.get(0))
                    .filter(event -> event.path("eventType").asText().equals(EVENT_TYPE))
                    .map(event -> event.path("data").path("validationCode").textValue())
                    .filter(code -> !code.isEmpty());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
