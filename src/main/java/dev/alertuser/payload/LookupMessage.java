package dev.alertuser.payload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alertuser.payload.InvalidBodyException.Reason;
import dev.alertuser.service.AlertId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A message that asks for the user of one alert. Others write any body that {@link AlertIds} reads; we write our own form, in
 * which {@code firstSeen} and {@code deferrals} tell of a message that was put off.
 *
 * @param correlationId 1 to 128 visible ASCII characters
 * @param traceparent W3C trace context of whoever asked first
 * @param firstSeen when the first message of this lookup was read; null when it was not put off yet
 * @param deferrals how many times it was put off
 */
public record LookupMessage(
        AlertId alertId,
        @Nullable String correlationId,
        @Nullable String traceparent,
        @Nullable Instant firstSeen,
        int deferrals) {

    public LookupMessage {
        if (correlationId != null && !CorrelationIds.isValid(correlationId)) {
            throw new IllegalArgumentException("correlationId must be " + CorrelationIds.FORM);
        }
        if (traceparent != null && !CorrelationIds.isTraceparent(traceparent)) {
            throw new IllegalArgumentException("traceparent must be one of the W3C's form");
        }
        if (deferrals < 0) {
            throw new IllegalArgumentException("deferrals must be >= 0 but was " + deferrals);
        }
    }

    /**
     * Reads the text of a message that holds exactly one alert id.
     *
     * @throws InvalidBodyException if it is no request; asking again with the same text is pointless
     */
    public static LookupMessage read(String text) {
        FoundId only = only(AlertIds.ofMessage(text, 1));
        Located own = new Located("", Json.open(Json.MAPPER.getNodeFactory().textNode(text)), new ReadingWork());
        if (!only.path().equals("alertId")
                || BodyFormat.of(own).filter(BodyFormat.OWN::equals).isEmpty()) {
            return new LookupMessage(only.alertId(), only.correlationId(), only.traceparent(), null, 0);
        }
        return new LookupMessage(
                only.alertId(),
                only.correlationId(),
                only.traceparent(),
                own.member("firstSeen").map(place -> instant(place, only)).orElse(null),
                own.member("deferrals").map(place -> count(place, only)).orElse(0));
    }

    /** A message is one request: what is malformed in it would be lost if the rest were looked up. */
    private static FoundId only(AlertIds ids) {
        if (!ids.invalid().isEmpty()) {
            InvalidEntry first = ids.invalid().get(0);
            throw new InvalidBodyException(first.reason(), first.message(), first.correlationId());
        }
        return ids.found().stream()
                .findFirst()
                .orElseThrow(() -> new InvalidBodyException(
                        Reason.NO_ALERT_ID,
                        "no alert of Defender for Endpoint found"
                                + ids.skipped().stream()
                                        .findFirst()
                                        .map(skipped -> "; " + (skipped.path().isEmpty() ? "" : skipped.path() + ": ")
                                                + skipped.message())
                                        .orElse(""),
                        null));
    }

    /** The same lookup, put off once more. */
    public LookupMessage putOff(Instant now) {
        int next = (int) Math.min(deferrals + 1L, Integer.MAX_VALUE);
        return new LookupMessage(alertId, correlationId, traceparent, firstSeen == null ? now : firstSeen, next);
    }

    /** The text to send; {@link #read} gives an equal message back. */
    public String toText() {
        ObjectNode json = Json.MAPPER.createObjectNode().put("alertId", alertId.value());
        if (correlationId != null) {
            json.put("correlationId", correlationId);
        }
        if (traceparent != null) {
            json.put("traceparent", traceparent);
        }
        if (firstSeen != null) {
            json.put("firstSeen", firstSeen.toString());
        }
        if (deferrals > 0) {
            json.put("deferrals", deferrals);
        }
        return json.toString();
    }

    private static Instant instant(Located place, FoundId of) {
        return place.text()
                .flatMap(LookupMessage::parse)
                .orElseThrow(() -> new InvalidBodyException(
                        Reason.INVALID_BODY,
                        place.path() + " must be a time in UTC such as 2026-01-31T08:15:00Z",
                        of.correlationId()));
    }

    private static Optional<Instant> parse(String text) {
        try {
            // A year beyond 9999 has a sign; its milliseconds may overflow.
            return Optional.of(text)
                    .filter(Predicate.not(t -> t.startsWith("+") || t.startsWith("-")))
                    .map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int count(Located place, FoundId of) {
        if (!place.value().isInt() || place.value().intValue() < 0) {
            throw new InvalidBodyException(
                    Reason.INVALID_BODY, place.path() + " must be a whole number, 0 or more", of.correlationId());
        }
        return place.value().intValue();
    }
}
