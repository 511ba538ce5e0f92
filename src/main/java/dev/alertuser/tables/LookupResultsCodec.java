package dev.alertuser.tables;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.AlertUser;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.alert.LookupResult.Rejected;
import dev.alertuser.service.alert.LookupResult.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The results of a lookup as bytes: a JSON array in the order of its alerts, deflated, since answers for many alerts share most of their
 * text. Decoded answers have the source {@code CACHED}.
 */
final class LookupResultsCodec {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LookupResultsCodec() {}

    static byte[] encode(Map<AlertId, LookupResult> results) {
        ArrayNode array = JSON.createArrayNode();
        results.values().forEach(result -> array.add(json(result)));
        return Deflated.json(JSON, array);
    }

    /** @param alertIds the alerts of the encoded results, in the same order */
    static Map<AlertId, LookupResult> decode(byte[] bytes, List<AlertId> alertIds) {
        JsonNode array = Deflated.read(JSON, bytes);
        Map<AlertId, LookupResult> results = new LinkedHashMap<>();
        for (int i = 0; i < alertIds.size(); i++) {
            results.put(alertIds.get(i), result(array.required(i)));
        }
        return results;
    }

    private static ObjectNode json(LookupResult result) {
        return result.match(
                found -> origin(found.origin())
                        .put("user", found.user().json())
                        .put("id", found.user().id())
                        .put("name", found.user().accountName())
                        .put("domain", found.user().accountDomain())
                        .put("sid", found.user().accountSid()),
                notFound -> origin(notFound.origin()),
                rejected -> origin(rejected.origin()).put("rejected", true),
                deferred -> JSON.createObjectNode()
                        .put("reason", deferred.reason().name())
                        .put("retryAfterMillis", deferred.retryAfter().toMillis())
                        .put("correlationId", deferred.correlationId())
                        .put("status", deferred.status()));
    }

    private static ObjectNode origin(Origin origin) {
        return JSON.createObjectNode()
                .put("observedAt", origin.observedAt().toString())
                .put("correlationId", origin.correlationId());
    }

    private static LookupResult result(JsonNode json) {
        if (json.has("reason")) {
            return new Deferred(
                    Reason.valueOf(json.get("reason").textValue()),
                    Duration.ofMillis(json.get("retryAfterMillis").longValue()),
                    text(json, "correlationId"),
                    json.get("status").intValue());
        }
        Origin origin = new Origin(
                Source.CACHED, Instant.parse(json.get("observedAt").textValue()), text(json, "correlationId"));
        if (json.path("rejected").booleanValue()) {
            return new Rejected(origin);
        }
        String user = text(json, "user");
        return user == null
                ? new NotFound(origin)
                : new Found(
                        new AlertUser(
                                user, text(json, "id"), text(json, "name"), text(json, "domain"), text(json, "sid")),
                        origin);
    }

    private static @Nullable String text(JsonNode json, String member) {
        return json.path(member).textValue();
    }
}
