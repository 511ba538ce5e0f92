package dev.alertuser.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.payload.InvalidBodyException.Reason;
import dev.alertuser.service.AlertId;
import dev.alertuser.service.InvalidAlertIdException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Goes through one body, once, from the outside in: text, arrays, events and {@link Wrapper}s are opened until an object is a
 * {@link BodyFormat}. What it can meet there is bounded: bytes, nesting, texts within texts, elements, ids.
 */
final class AlertIdReader {
    /** Texts within texts that are opened as JSON. Two are usual: an export whose column is JSON that holds JSON. */
    private static final int MAX_TEXTS = 8;

    /** JSON values that would pass as bare ids and that no caller means as one. */
    private static final Set<String> WORDS = Set.of("null", "true", "false");

    private static final String ID_OR_OBJECT = "an alert id as a string, or an object that holds one,";

    /** Where a body comes from. */
    enum Source {
        BODY("JSON that holds an alert id, as {\"alertId\":\"...\"} does,"),
        EVENT_DATA("JSON that holds an alert id, as {\"alertId\":\"...\"} does,"),
        MESSAGE("an alert id, or JSON that holds one,");

        private final String expected;

        Source(String expected) {
            this.expected = expected;
        }
    }

    /**
     * What is around the value at hand.
     *
     * @param texts how many texts were opened on the way here
     * @param inIncident whether the value is one of an incident's alerts
     */
    private record Around(
            int texts,
            boolean inIncident,
            @Nullable String correlationId,
            @Nullable String traceparent) {

        static final Around NOTHING = new Around(0, false, null, null);

        Around text() {
            return new Around(texts + 1, inIncident, correlationId, traceparent);
        }

        Around wrapper(Wrapper wrapper) {
            return new Around(
                    texts,
                    wrapper == Wrapper.ALERTS || (inIncident && wrapper == Wrapper.VALUE),
                    correlationId,
                    traceparent);
        }

        Around event(Envelope event) {
            return new Around(
                    texts,
                    false,
                    event.correlationId() == null ? correlationId : event.correlationId(),
                    event.traceparent() == null ? traceparent : event.traceparent());
        }

        Around correlatedBy(String id) {
            return new Around(texts, inIncident, id, traceparent);
        }

        Around tracedBy(@Nullable String trace) {
            return trace == null ? this : new Around(texts, inIncident, correlationId, trace);
        }
    }

    private final int limit;
    private final Source source;
    private final ReadingWork work = new ReadingWork();
    private final Map<AlertId, FoundId> found = new LinkedHashMap<>();
    private final List<FoundId> duplicates = new ArrayList<>();
    private final List<SkippedAlert> skipped = new ArrayList<>();
    private final List<InvalidEntry> invalid = new ArrayList<>();
    private final ClientStates clientStates = new ClientStates();

    /** Whether something of a known kind was met, if only an incident without alerts. */
    private boolean known;

    AlertIdReader(int limit, Source source) {
        this.limit = limit;
        this.source = source;
        this.known = source == Source.EVENT_DATA;
    }

    AlertIds read(String body) {
        if (body.length() > AlertIds.MAX_BYTES || body.getBytes(UTF_8).length > AlertIds.MAX_BYTES) {
            throw new InvalidBodyException(
                    Reason.TOO_LARGE, "the body must have at most " + AlertIds.MAX_BYTES + " bytes", null);
        }
        String text = Json.trim(EncodedText.ofMisreadUtf16(body));
        if (text.isEmpty() && source == Source.EVENT_DATA) {
            skipEvent("");
        } else if (Json.isMeantAsJson(text)) {
            readRoot(text);
        } else {
            readBareText(text);
        }
        if (!known && found.isEmpty() && invalid.isEmpty()) {
            throw new InvalidBodyException(Reason.NO_ALERT_ID, noKnownKind(), null);
        }
        return new AlertIds(List.copyOf(found.values()), duplicates, skipped, invalid, clientStates.found());
    }

    private void readBareText(String text) {
        if (text.isEmpty() || WORDS.contains(text)) {
            throw unreadable("but is " + (text.isEmpty() ? "empty" : text));
        } else if (source != Source.MESSAGE) {
            throw unreadable("but is bare text");
        } else if (EncodedText.ofBase64(text).isPresent()) {
            throw unreadable("but is Base64 within Base64");
        }
        addId("", text, Around.NOTHING);
    }

    private InvalidBodyException unreadable(String butIs) {
        return new InvalidBodyException(Reason.INVALID_BODY, "the body must be " + source.expected + " " + butIs, null);
    }

    private void readRoot(String text) {
        try {
            readParsed("", Json.read(text), Around.NOTHING, true);
        } catch (JsonProcessingException e) {
            if (!readLines("", text, Around.NOTHING)) {
                throw new InvalidBodyException(Reason.INVALID_BODY, notJson("the body", e), null);
            }
        }
        if (source == Source.EVENT_DATA && entries() == 0) {
            skipEvent("");
        }
    }

    /** A text is an id where it may be one, unless it holds JSON. */
    private void readText(String path, String text, Around around, boolean mayBeId) {
        String trimmed = Json.trim(text);
        if (!Json.isMeantAsJson(trimmed) || around.texts() == MAX_TEXTS) {
            if (mayBeId) {
                addId(path, trimmed, around);
            }
            return;
        }
        try {
            readParsed(path, Json.read(trimmed), around.text(), mayBeId);
        } catch (JsonProcessingException e) {
            if (!readLines(path, trimmed, around.text())) {
                addInvalid(path, Reason.INVALID_BODY, notJson(path, e), around);
            }
        }
    }

    /**
     * Newline-delimited JSON reads like an array of its lines.
     *
     * @return false if the text is none: then it is one value that is broken
     */
    private boolean readLines(String path, String text, Around around) {
        List<String> lines = Json.lines(text);
        work.add(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            String linePath = path + "[" + i + "]";
            int before = entries();
            try {
                readParsed(linePath, Json.read(lines.get(i)), around, true);
            } catch (JsonProcessingException e) {
                addInvalid(linePath, Reason.INVALID_BODY, notJson(linePath, e), around);
            }
            nameIfNothing(linePath, before);
        }
        return !lines.isEmpty();
    }

    private void readParsed(String path, JsonNode value, Around around, boolean mayBeId) {
        readValue(new Located(path, value, work), around, mayBeId);
        clientStates.gather(value);
    }

    private static String notJson(String subject, JsonProcessingException e) {
        if (e instanceof StreamConstraintsException) {
            return subject + " must be JSON of at most " + Json.MAX_NESTING
                    + " levels, with names and numbers of a usual length";
        }
        @Nullable JsonLocation at = e.getLocation();
        return subject + " must be JSON but is not valid"
                + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr());
    }

    private void readValue(Located place, Around around, boolean mayBeId) {
        JsonNode value = place.value();
        if (value.isTextual()) {
            readText(place.path(), value.textValue(), around, mayBeId);
        } else if (value.isObject()) {
            readObject(place, around);
        } else if (value.isArray()) {
            readArray(place, around);
        } else if (mayBeId) {
            addWrongKind(place, ID_OR_OBJECT, around);
        }
    }

    private void readArray(Located array, Around around) {
        known |= array.value().isEmpty();
        for (Located element : array.elements()) {
            int before = entries();
            readValue(element, around, true);
            nameIfNothing(element.path(), before);
        }
    }

    private void readObject(Located object, Around around) {
        Optional<Envelope> event = Envelope.of(object);
        if (event.isPresent()) {
            known = true;
            readEvent(object.path(), event.get(), around.event(event.get()));
            return;
        }
        Optional<BodyFormat> format = BodyFormat.of(object);
        if (format.isPresent()) {
            readAlert(format.get(), object, around);
        } else if (!readWrapped(object, around)) {
            readUnwrapped(object, around);
        }
    }

    private void readUnwrapped(Located object, Around around) {
        if (BodyFormat.isIncident(object)) {
            known = true;
        } else if (around.inIncident() && BodyFormat.INCIDENT_ALERT.knows(object)) {
            readAlert(BodyFormat.INCIDENT_ALERT, object, around);
        }
    }

    private void readEvent(String path, Envelope event, Around inside) {
        int before = entries();
        event.data().ifPresent(data -> readValue(data, inside, true));
        event.dataBase64().ifPresent(data -> {
            Optional<String> text = data.text().flatMap(EncodedText::ofBase64);
            if (text.isPresent()) {
                readText(data.path(), text.get(), inside, true);
            } else {
                addInvalid(data.path(), Reason.INVALID_BODY, data.path() + " must be text in Base64", inside);
            }
        });
        if (entries() == before) {
            skipEvent(path);
        }
    }

    /** @return whether the object has a wrapper with something to look into */
    private boolean readWrapped(Located object, Around around) {
        boolean isWrapped = false;
        for (Wrapper wrapper : Wrapper.values()) {
            Optional<Located> member = object.member(wrapper.member());
            if (member.isPresent() && mayHoldAlerts(member.get().value())) {
                isWrapped = true;
                readValue(member.get(), around.wrapper(wrapper), false);
            }
        }
        return isWrapped;
    }

    private static boolean mayHoldAlerts(JsonNode value) {
        return value.isContainerNode() || (value.isTextual() && Json.isMeantAsJson(Json.trim(value.textValue())));
    }

    private void readAlert(BodyFormat format, Located alert, Around around) {
        known = true;
        if (format == BodyFormat.OWN) {
            readOwn(alert, around);
            return;
        }
        Verdict verdict = new Verdict(format, alert, around);
        if (format.ids().stream().noneMatch(verdict::takes)) {
            verdict.leaveOut();
        }
    }

    /** What becomes of one alert: the ids of the first path that has a usable one, else the first reason why there is none. */
    private final class Verdict {
        private final BodyFormat format;
        private final Located alert;
        private final Around around;
        private boolean isOfOtherProduct;
        private final List<SkippedAlert> reasons = new ArrayList<>();
        private final List<InvalidEntry> malformed = new ArrayList<>();

        Verdict(BodyFormat format, Located alert, Around around) {
            this.format = format;
            this.alert = alert;
            this.around = around;
            this.isOfOtherProduct = format.isOfOtherProduct(alert);
        }

        /** Takes the usable ids at a path, and then names the others there as well. */
        boolean takes(IdPath path) {
            int reasonsBefore = reasons.size();
            int malformedBefore = malformed.size();
            boolean isTaken = false;
            for (IdPath.Candidate candidate : path.candidates(alert)) {
                isTaken |= takes(candidate, path.kind());
            }
            if (isTaken) {
                skipped.addAll(reasons.subList(reasonsBefore, reasons.size()));
                invalid.addAll(malformed.subList(malformedBefore, malformed.size()));
            }
            return isTaken;
        }

        private boolean takes(IdPath.Candidate candidate, IdPath.Kind kind) {
            try {
                AlertId alertId = AlertId.parse(candidate.text());
                Optional<SkippedAlert> reason = reason(alertId, candidate.path(), kind);
                reason.ifPresentOrElse(reasons::add, () -> add(alertId, candidate.path(), around));
                return reason.isEmpty();
            } catch (InvalidAlertIdException e) {
                malformed.add(malformed(candidate.path(), e, around));
                return false;
            }
        }

        private Optional<SkippedAlert> reason(AlertId id, String path, IdPath.Kind kind) {
            if (kind == IdPath.Kind.SENTINELS || isSystemAlertId(id)) {
                return Optional.of(new SkippedAlert(
                        path,
                        id,
                        SkippedAlert.Reason.SENTINEL_ID,
                        "This is Sentinel's own id of an alert, which Defender does not know;"
                                + " the alert's row in SecurityAlert has the link and the id of its product."));
            }
            Optional<String> otherProduct = IdOrigin.otherProduct(id);
            if (otherProduct.isPresent()) {
                // The bare id that may stand elsewhere in the alert is the same product's.
                isOfOtherProduct |= kind != IdPath.Kind.AUTHORS;
                return Optional.of(new SkippedAlert(path, id, SkippedAlert.Reason.OTHER_PRODUCT, otherProduct.get()));
            }
            return isOfOtherProduct && kind != IdPath.Kind.AUTHORS && !IdOrigin.isEndpoints(id)
                    ? Optional.of(ofOtherProduct(path, id))
                    : Optional.empty();
        }

        /** Some connectors repeat it where the id of the product should be. */
        private boolean isSystemAlertId(AlertId id) {
            return format == BodyFormat.SENTINEL_ALERT
                    && alert.member("systemAlertId")
                            .flatMap(Located::text)
                            .filter(id.value()::equalsIgnoreCase)
                            .isPresent();
        }

        void leaveOut() {
            if (format == BodyFormat.SECURITY_INCIDENT) {
                skipped.addAll(reasons);
                invalid.addAll(malformed);
            } else if (isOfOtherProduct && reasons.isEmpty()) {
                skipped.add(ofOtherProduct(alert.path(), null));
            } else if (!malformed.isEmpty()) {
                invalid.add(malformed.get(0));
            } else if (!reasons.isEmpty()) {
                skipped.add(reasons.get(0));
            } else {
                skip(alert.path(), "This is " + format.title() + " without an id at " + format.paths() + ".");
            }
        }
    }

    private static SkippedAlert ofOtherProduct(String path, @Nullable AlertId id) {
        return new SkippedAlert(
                path,
                id,
                SkippedAlert.Reason.OTHER_PRODUCT,
                "The alert names another product than Defender for Endpoint.");
    }

    private void readOwn(Located body, Around around) {
        Optional<Located> given = body.member("correlationId");
        if (given.isPresent()
                && given.get().text().filter(CorrelationIds::isValid).isEmpty()) {
            String path = given.get().path();
            addInvalid(path, Reason.INVALID_BODY, path + " must be " + CorrelationIds.FORM, around);
            return;
        }
        Around own = given.flatMap(Located::text)
                .map(around::correlatedBy)
                .orElse(around)
                .tracedBy(Envelope.traceparent(body));
        body.member("alertId").ifPresent(place -> addOwn(place, own));
        body.member("alertIds").ifPresent(place -> place.elements().forEach(element -> addOwn(element, own)));
    }

    private void addOwn(Located place, Around around) {
        if (place.value().isTextual()) {
            addId(place.path(), place.value().textValue(), around);
        } else {
            addWrongKind(place, "an alert id as a string", around);
        }
    }

    private void addId(String path, String text, Around around) {
        known = true;
        try {
            AlertId alertId = AlertId.parse(text);
            IdOrigin.otherProduct(alertId)
                    .ifPresentOrElse(
                            message -> skipped.add(
                                    new SkippedAlert(path, alertId, SkippedAlert.Reason.OTHER_PRODUCT, message)),
                            () -> add(alertId, path, around));
        } catch (InvalidAlertIdException e) {
            invalid.add(malformed(path, e, around));
        }
    }

    private void add(AlertId alertId, String path, Around around) {
        FoundId id = new FoundId(alertId, path, around.correlationId(), around.traceparent());
        if (found.containsKey(alertId)) {
            duplicates.add(id);
        } else if (found.size() == limit) {
            throw new InvalidBodyException(
                    Reason.TOO_MANY_ALERTS,
                    "the body must hold at most " + limit + (limit == 1 ? " alert id" : " different alert ids")
                            + " but holds more",
                    around.correlationId());
        } else {
            found.put(alertId, id);
        }
    }

    private static InvalidEntry malformed(String path, InvalidAlertIdException e, Around around) {
        String message = (path.isEmpty() ? "" : path + ": ") + e.getMessage();
        return new InvalidEntry(path, Reason.INVALID_ALERT_ID, message, around.correlationId());
    }

    private void addWrongKind(Located place, String expected, Around around) {
        String message = place.path() + " must be " + expected + " but is " + Json.kind(place.value());
        addInvalid(place.path(), Reason.INVALID_BODY, message, around);
    }

    private void addInvalid(String path, Reason reason, String message, Around around) {
        invalid.add(new InvalidEntry(path, reason, message, around.correlationId()));
    }

    /** So that whatever is left out is named. */
    private void nameIfNothing(String path, int before) {
        if (entries() == before) {
            skip(path, "No alert id was found here.");
        }
    }

    private void skipEvent(String path) {
        skip(path, "The event carries no alert id.");
    }

    private void skip(String path, String message) {
        skipped.add(new SkippedAlert(path, null, SkippedAlert.Reason.NO_ALERT, message));
    }

    private int entries() {
        return found.size() + duplicates.size() + skipped.size() + invalid.size();
    }

    private static String noKnownKind() {
        String wrappers = Stream.of(Wrapper.values()).map(Wrapper::member).collect(Collectors.joining(", "));
        return "no alert id found; looked at " + BodyFormat.allPaths() + ", in the body and within " + wrappers;
    }
}
