package dev.alertuser.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.payload.json.EncodedText;
import dev.alertuser.payload.json.InvalidBodyException;
import dev.alertuser.payload.json.InvalidBodyException.Reason;
import dev.alertuser.payload.json.Json;
import dev.alertuser.payload.json.Located;
import dev.alertuser.payload.json.ReadingWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads one body in one pass from the outside in: opens text, arrays, events and {@link Wrapper}s until an object has a
 * {@link BodyFormat}. Bytes, nesting, texts within texts, elements and ids are limited.
 */
final class AlertIdReader {
    /** The most texts within texts that are opened as JSON. Two are usual: an export whose column is JSON that holds JSON. */
    private static final int MAX_TEXTS = 8;

    /** JSON literals that have the form of bare ids and are never meant as such. */
    private static final Set<String> WORDS = Set.of("null", "true", "false");

    private static final String EXPECTED = "JSON that holds an alert id, as {\"alertId\":\"...\"} does,";

    /** Where a body comes from. */
    enum Source {
        BODY(EXPECTED),
        EVENT_DATA(EXPECTED),
        MESSAGE("an alert id, or JSON that holds one,");

        private final String expected;

        Source(String expected) {
            this.expected = expected;
        }
    }

    private final Source source;
    private final Findings findings;
    private final ReadingWork work = new ReadingWork();
    private final ClientStates clientStates = new ClientStates();

    AlertIdReader(int limit, Source source) {
        this.source = source;
        this.findings = new Findings(limit);
    }

    AlertIds read(String body) {
        if (body.length() > AlertIds.MAX_BYTES || body.getBytes(UTF_8).length > AlertIds.MAX_BYTES) {
            throw new InvalidBodyException(
                    Reason.TOO_LARGE, "the body must have at most " + AlertIds.MAX_BYTES + " bytes", null);
        }
        String text = Json.trim(EncodedText.ofMisreadUtf16(body));
        if (source == Source.EVENT_DATA) {
            readEventData(text);
        } else if (Json.isMeantAsJson(text)) {
            readRoot(text);
        } else {
            readBareText(text);
        }
        if (!findings.areOfKnownKind()) {
            throw new InvalidBodyException(Reason.NO_ALERT_ID, noKnownKind(), null);
        }
        return findings.toAlertIds(clientStates.found());
    }

    private void readEventData(String text) {
        findings.markKnown();
        if (Json.isMeantAsJson(text)) {
            readRoot(text);
        } else if (!text.isEmpty()) {
            readBareText(text);
        }
        skipEventIfNothing("", 0);
    }

    private void readBareText(String text) {
        if (text.isEmpty() || WORDS.contains(text)) {
            throw unreadable(text.isEmpty() ? "empty" : text);
        } else if (source != Source.MESSAGE) {
            throw unreadable("bare text");
        } else if (EncodedText.ofBase64(text).isPresent()) {
            throw unreadable("Base64 within Base64");
        }
        findings.addGiven(text, "", ReadingContext.ROOT);
    }

    private InvalidBodyException unreadable(String found) {
        return new InvalidBodyException(
                Reason.INVALID_BODY, "the body must be " + source.expected + " but is " + found, null);
    }

    private void readRoot(String text) {
        try {
            readParsed("", Json.read(text), ReadingContext.ROOT, true);
        } catch (JsonProcessingException e) {
            if (!readLines("", text, ReadingContext.ROOT)) {
                throw new InvalidBodyException(Reason.INVALID_BODY, Findings.notJson("the body", e), null);
            }
        }
    }

    /** Reads text as JSON if it is meant as such, else as an id where ids are allowed. */
    private void readText(String path, String text, ReadingContext context, boolean mayBeId) {
        String trimmed = Json.trim(text);
        if (!Json.isMeantAsJson(trimmed) || context.texts() == MAX_TEXTS) {
            if (mayBeId) {
                findings.addGiven(trimmed, path, context);
            }
            return;
        }
        try {
            readParsed(path, Json.read(trimmed), context.inText(), mayBeId);
        } catch (JsonProcessingException e) {
            if (!readLines(path, trimmed, context.inText())) {
                findings.addInvalid(path, Findings.notJson(path, e), context);
            }
        }
    }

    /**
     * Reads newline-delimited JSON like an array of its lines.
     *
     * @return false if the text is no such JSON, hence one broken value
     */
    private boolean readLines(String path, String text, ReadingContext context) {
        List<String> lines = Json.lines(text);
        work.add(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            String linePath = path + "[" + i + "]";
            int before = findings.size();
            try {
                readParsed(linePath, Json.read(lines.get(i)), context, true);
            } catch (JsonProcessingException e) {
                findings.addInvalid(linePath, Findings.notJson(linePath, e), context);
            }
            skipIfNothing(linePath, before);
        }
        return !lines.isEmpty();
    }

    private void readParsed(String path, JsonNode value, ReadingContext context, boolean mayBeId) {
        readValue(new Located(path, value, work), context, mayBeId);
        clientStates.gather(value);
    }

    private void readValue(Located place, ReadingContext context, boolean mayBeId) {
        JsonNode value = place.value();
        if (value.isTextual()) {
            readText(place.path(), value.textValue(), context, mayBeId);
        } else if (value.isObject()) {
            readObject(place, context);
        } else if (value.isArray()) {
            readArray(place, context);
        } else if (mayBeId) {
            findings.addWrongKind(place, "an alert id as a string, or an object that holds one,", context);
        }
    }

    private void readArray(Located array, ReadingContext context) {
        if (array.value().isEmpty()) {
            findings.markKnown();
        }
        for (Located element : array.elements()) {
            int before = findings.size();
            readValue(element, context, true);
            skipIfNothing(element.path(), before);
        }
    }

    private void readObject(Located object, ReadingContext context) {
        Optional<Envelope> event = Envelope.of(object);
        if (event.isPresent()) {
            readEvent(object.path(), event.get(), context.in(event.get()));
            return;
        }
        Optional<BodyFormat> format = BodyFormat.of(object);
        if (format.isPresent()) {
            AlertReader.read(format.get(), object, context, findings);
        } else if (!readWrapped(object, context)) {
            readUnwrapped(object, context);
        }
    }

    private void readEvent(String path, Envelope event, ReadingContext inside) {
        findings.markKnown();
        int before = findings.size();
        event.data().ifPresent(data -> readValue(data, inside, true));
        event.dataBase64().ifPresent(data -> {
            Optional<String> text = data.text().flatMap(EncodedText::ofBase64);
            if (text.isPresent()) {
                readText(data.path(), text.get(), inside, true);
            } else {
                findings.addInvalid(data.path(), data.path() + " must be text in Base64", inside);
            }
        });
        skipEventIfNothing(path, before);
    }

    /** @return whether the object has a wrapper that may hold alerts */
    private boolean readWrapped(Located object, ReadingContext context) {
        boolean isWrapped = false;
        for (Wrapper wrapper : Wrapper.values()) {
            Optional<Located> member = object.member(wrapper.member());
            if (member.isPresent() && mayHoldAlerts(member.get().value())) {
                isWrapped = true;
                readValue(member.get(), context.in(wrapper), false);
            }
        }
        return isWrapped;
    }

    private static boolean mayHoldAlerts(JsonNode value) {
        return value.isContainerNode() || (value.isTextual() && Json.isMeantAsJson(Json.trim(value.textValue())));
    }

    private void readUnwrapped(Located object, ReadingContext context) {
        if (BodyFormat.isIncident(object)) {
            findings.markKnown();
        } else if (context.inIncident() && BodyFormat.INCIDENT_ALERT.knows(object)) {
            AlertReader.read(BodyFormat.INCIDENT_ALERT, object, context, findings);
        }
    }

    /** Reports a part in which nothing was found, so that the answer accounts for every part of the body. */
    private void skipIfNothing(String path, int before) {
        if (findings.size() == before) {
            findings.skipNoAlert(path, "No alert id was found here.");
        }
    }

    private void skipEventIfNothing(String path, int before) {
        if (findings.size() == before) {
            findings.skipNoAlert(path, "The event carries no alert id.");
        }
    }

    private static String noKnownKind() {
        String wrappers = Stream.of(Wrapper.values()).map(Wrapper::member).collect(Collectors.joining(", "));
        return "no alert id found; looked at " + BodyFormat.allPaths() + ", in the body and within " + wrappers;
    }
}
