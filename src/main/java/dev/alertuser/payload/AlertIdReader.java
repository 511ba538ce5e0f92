package dev.alertuser.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.payload.InvalidBodyException.Reason;
import dev.alertuser.service.AlertId;
import dev.alertuser.service.InvalidAlertIdException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Goes through one body, once. What it can meet there is bounded: bytes, nesting, bodies within bodies, ids. */
final class AlertIdReader {
    /** Envelopes and texts that hold JSON, counted together. Two are usual: an envelope whose data is JSON as text. */
    private static final int MAX_WRAPPINGS = 4;

    /** JSON values that would pass as bare ids and that no caller means as one. */
    private static final Set<String> WORDS = Set.of("null", "true", "false");

    /** What is around the value at hand. */
    private record Around(
            int wrappings,
            @Nullable String correlationId,
            @Nullable String traceparent) {
        boolean mayWrap() {
            return wrappings < MAX_WRAPPINGS;
        }

        Around wrapped() {
            return new Around(wrappings + 1, correlationId, traceparent);
        }

        Around correlatedBy(Optional<String> id) {
            return id.isPresent() ? new Around(wrappings, id.get(), traceparent) : this;
        }

        /** An id of a trace that is none counts as absent: it is not worth an error. */
        Around tracedBy(Place sender) {
            return sender.member("traceparent")
                    .flatMap(Place::text)
                    .filter(CorrelationIds::isTraceparent)
                    .map(trace -> new Around(wrappings, correlationId, trace))
                    .orElse(this);
        }

        InvalidBodyException invalid(Reason reason, String message) {
            return new InvalidBodyException(reason, message, correlationId);
        }

        InvalidBodyException wrongKind(Place place, String expected) {
            return invalid(
                    Reason.INVALID_BODY, place.path() + " must be " + expected + " but is " + Json.kind(place.value()));
        }
    }

    private final int limit;
    private final boolean takesBareText;
    private final ReadingWork work = new ReadingWork();
    private final Map<AlertId, AlertIds.Found> found = new LinkedHashMap<>();
    private final ClientStates clientStates = new ClientStates(work);
    private int skipped;
    private @Nullable String nothingFound;

    /** @param takesBareText whether a body that is no JSON is an id */
    AlertIdReader(int limit, boolean takesBareText) {
        this.limit = limit;
        this.takesBareText = takesBareText;
    }

    AlertIds read(String body) {
        Around nothing = new Around(0, null, null);
        if (body.length() > AlertIds.MAX_BYTES || body.getBytes(UTF_8).length > AlertIds.MAX_BYTES) {
            throw nothing.invalid(Reason.TOO_LARGE, "the body must have at most " + AlertIds.MAX_BYTES + " bytes");
        }
        String text = Json.trim(body);
        if (text.isEmpty() || WORDS.contains(text)) {
            throw nothing.invalid(
                    Reason.INVALID_BODY,
                    "the body must be " + expected() + " but is " + (text.isEmpty() ? "empty" : text));
        }
        if (!takesBareText && !Json.isMeantAsJson(text)) {
            throw nothing.invalid(Reason.INVALID_BODY, "the body must be " + expected() + " but is bare text");
        }
        readText("", text, nothing);
        if (found.isEmpty()) {
            throw new InvalidBodyException(Reason.NO_ALERT_ID, nothingFound + others(), null, skipped);
        }
        return new AlertIds(List.copyOf(found.values()), skipped, clientStates.found());
    }

    private String expected() {
        return takesBareText
                ? "an alert id, or JSON that holds one,"
                : "JSON that holds an alert id, as {\"alertId\":\"...\"} does,";
    }

    private void readText(String path, String text, Around around) {
        String trimmed = Json.trim(text);
        if (around.mayWrap() && Json.isMeantAsJson(trimmed)) {
            JsonNode value = parse(path, trimmed, around);
            readValue(new Place(path, value, work), around);
            clientStates.gather(value);
        } else {
            add(path, trimmed, around);
        }
    }

    private static JsonNode parse(String path, String text, Around around) {
        String subject = path.isEmpty() ? "the body" : path;
        try {
            return Json.read(text);
        } catch (StreamConstraintsException e) {
            throw around.invalid(
                    Reason.INVALID_BODY,
                    subject + " must be JSON of at most " + Json.MAX_NESTING
                            + " levels, with names and numbers of a usual length");
        } catch (JsonProcessingException e) {
            throw around.invalid(
                    Reason.INVALID_BODY, subject + " must be JSON but is not valid" + where(e.getLocation()));
        }
    }

    private static String where(@Nullable JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private void readValue(Place place, Around around) {
        JsonNode value = place.value();
        if (value.isTextual()) {
            readText(place.path(), value.textValue(), around.wrapped());
        } else if (value.isObject()) {
            readObject(place, around);
        } else if (value.isArray()) {
            readArray(place, around);
        } else {
            throw around.wrongKind(place, "an alert id as a string, or an object that holds one,");
        }
    }

    private void readArray(Place array, Around around) {
        if (array.value().isEmpty()) {
            nothingFound("", Stream.of(array.path() + "[*]"));
        }
        array.elements().forEach(element -> {
            if (element.value().isArray()) {
                throw around.wrongKind(element, "an alert id as a string, or an object that holds one,");
            }
            readValue(element, around);
        });
    }

    private void readObject(Place body, Around around) {
        boolean isCloudEvent = body.member("specversion").isPresent();
        boolean isEnvelope = isCloudEvent || body.member("eventType").isPresent();
        Optional<Place> data = isEnvelope ? body.member("data") : Optional.empty();
        Around inside = isCloudEvent ? around.correlatedBy(envelopeId(body)).tracedBy(body) : around;
        if (data.isPresent() && inside.mayWrap()) {
            readValue(data.get(), inside.wrapped());
        } else if (!readOwn(body, inside)) {
            readAlerts(body, inside);
        }
    }

    /** An id that a sender made for its own use: without one of our form it counts as none. */
    private static Optional<String> envelopeId(Place event) {
        return Stream.of("correlationid", "id")
                .flatMap(name -> event.member(name).stream())
                .flatMap(place -> place.text().stream())
                .filter(CorrelationIds::isValid)
                .findFirst();
    }

    private boolean readOwn(Place body, Around around) {
        Optional<Place> alertId = body.member("alertId");
        Optional<Place> alertIds = body.member("alertIds");
        if (alertId.isEmpty() && alertIds.isEmpty()) {
            return false;
        }
        Around own = around.correlatedBy(body.member("correlationId").map(place -> ownCorrelationId(place, around)))
                .tracedBy(body);
        alertId.ifPresent(place -> addOwn(place, own));
        alertIds.ifPresent(place -> {
            if (!place.value().isArray()) {
                throw own.wrongKind(place, "an array of alert ids");
            }
            place.elements().forEach(element -> addOwn(element, own));
        });
        nothingFound("", Sender.OWN.paths().map(body::pathTo));
        return true;
    }

    private static String ownCorrelationId(Place place, Around around) {
        return place.text()
                .filter(CorrelationIds::isValid)
                .orElseThrow(
                        () -> around.invalid(Reason.INVALID_BODY, place.path() + " must be " + CorrelationIds.FORM));
    }

    private void readAlerts(Place body, Around around) {
        for (Sender sender : Sender.values()) {
            List<Place> alerts = sender.alerts(body);
            if (!alerts.isEmpty()) {
                alerts.forEach(alert -> readAlert(sender, alert, around));
                nothingFound(" in " + sender.title(), sender.paths().map(body::pathTo));
                return;
            }
        }
        nothingFound("", Stream.of(Sender.values()).flatMap(Sender::paths).map(body::pathTo));
    }

    private void readAlert(Sender sender, Place alert, Around around) {
        List<IdPath.Hit> hits = sender.ids(alert);
        hits.forEach(hit -> add(hit.alertId(), hit.path(), around));
        if (hits.isEmpty() && sender.isOfOtherProduct(alert)) {
            skipped++;
        }
    }

    private void addOwn(Place place, Around around) {
        String text = place.text().orElseThrow(() -> around.wrongKind(place, "an alert id as a string"));
        add(place.path(), text, around);
    }

    private void add(String path, String text, Around around) {
        try {
            add(AlertId.parse(text), path, around);
        } catch (InvalidAlertIdException e) {
            throw around.invalid(Reason.INVALID_ALERT_ID, (path.isEmpty() ? "" : path + ": ") + e.getMessage());
        }
    }

    private void add(AlertId alertId, String path, Around around) {
        if (found.size() == limit && !found.containsKey(alertId)) {
            throw around.invalid(
                    Reason.TOO_MANY_ALERTS,
                    "the body must hold at most " + limit + (limit == 1 ? " alert id" : " different alert ids")
                            + " but holds more");
        }
        found.putIfAbsent(alertId, new AlertIds.Found(alertId, path, around.correlationId(), around.traceparent()));
    }

    /** Keeps what is said when no id is found at all; of many bodies in one the first will do. */
    private void nothingFound(String in, Stream<String> paths) {
        if (nothingFound == null) {
            nothingFound =
                    "no alert id found" + in + "; looked at " + paths.distinct().collect(Collectors.joining(", "));
        }
    }

    private String others() {
        return switch (skipped) {
            case 0 -> "";
            case 1 -> "; 1 alert of another product was left out";
            default -> "; " + skipped + " alerts of other products were left out";
        };
    }
}
