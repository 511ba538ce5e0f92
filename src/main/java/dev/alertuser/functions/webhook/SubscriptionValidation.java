package dev.alertuser.functions.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.payload.AlertIds;
import dev.alertuser.payload.json.Json;
import java.util.Optional;

/**
 * The event by which Event Grid validates an endpoint. Its {@code validationUrl} is meant for people and is never followed, since the
 * sender of the event would choose which URL the app calls.
 *
 * @see <a href="https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema">Endpoint validation</a>
 */
public final class SubscriptionValidation {
    private static final String EVENT_TYPE = "Microsoft.EventGrid.SubscriptionValidationEvent";

    private SubscriptionValidation() {}

    /** The code to answer with; empty unless the body is an array of one complete event, as Event Grid sends it. */
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
