package dev.alertuser.payload.message;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alertuser.payload.AlertIds;
import dev.alertuser.payload.BodyFormat;
import dev.alertuser.payload.FoundId;
import dev.alertuser.payload.InvalidEntry;
import dev.alertuser.payload.json.InvalidBodyException;
import dev.alertuser.payload.json.InvalidBodyException.Reason;
import dev.alertuser.payload.json.Json;
import dev.alertuser.payload.json.Located;
import dev.alertuser.payload.json.ReadingWork;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.CorrelationIds;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A message that requests the user of one alert. Other senders write any body that {@link AlertIds} reads; the app writes its own
 * form, in which {@code firstSeen} and {@code deferrals} mark a deferred message.
 *
 * @param correlationId 1 to 128 visible ASCII characters
 * @param traceparent W3C trace context of the first sender
 * @param firstSeen when the first message of this lookup was read; null before its first deferral
 * @param deferrals number of deferrals so far
 */
public record RequestMessage(
        AlertId alertId,
        @Nullable String correlationId,
        @Nullable String traceparent,
        @Nullable Instant firstSeen,
        int deferrals) {

    /** Time to live of a message in a queue. */
    public static final Duration LONGEST_AGE = Duration.ofDays(7);

    /** More deferrals than fit into the life of a message; the app never writes a higher count. */
    private static final int MOST_DEFERRALS = 1_000_000;

    public RequestMessage {
        if (correlationId != null && !CorrelationIds.isValid(correlationId)) {
            throw new IllegalArgumentException("correlationId must be " + CorrelationIds.FORM);
        }
        if (traceparent != null && !CorrelationIds.isTraceparent(traceparent)) {
            throw new IllegalArgumentException("traceparent must be one of the W3C's form");
        }
        if (deferrals < 0 || deferrals > MOST_DEFERRALS) {
            throw new IllegalArgumentException("deferrals must be 0 to " + MOST_DEFERRALS + " but was " + deferrals);
        }
    }

    /**
     * Reads the text of a message that holds exactly one alert id.
     *
     * @throws InvalidBodyException if it is no request; a retry with the same text fails again
     */
    public static RequestMessage read(String text) {
        FoundId only = only(AlertIds.ofMessage(text, 1));
        Located own = new Located("", Json.open(Json.MAPPER.getNodeFactory().textNode(text)), new ReadingWork());
        if (!only.path().equals("alertId")
                || BodyFormat.of(own).filter(BodyFormat.OWN::equals).isEmpty()) {
            return new RequestMessage(only.alertId(), only.correlationId(), only.traceparent(), null, 0);
        }
        return new RequestMessage(
                only.alertId(),
                only.correlationId(),
                only.traceparent(),
                own.member("firstSeen").map(place -> instant(place, only)).orElse(null),
                own.member("deferrals").map(place -> count(place, only)).orElse(0));
    }

    /** A message is one request with one result, so a malformed part fails the whole message. */
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

    /**
     * This message with a credible time. A deferred message enters the queue after it was first seen and before it expires. Any other one
     * was forged or sent again, and counts as a new request made when it entered the queue.
     *
     * @param insertedAt when this message entered the queue
     * @param maxAge when a request expires
     * @return a message whose {@link #firstSeen} is never null
     */
    public RequestMessage believedAt(Instant insertedAt, Duration maxAge) {
        boolean credible = firstSeen != null
                && !firstSeen.isAfter(insertedAt)
                && !firstSeen.plus(maxAge).isBefore(insertedAt);
        return credible ? this : new RequestMessage(alertId, correlationId, traceparent, insertedAt, 0);
    }

    /**
     * The same lookup with one more deferral.
     *
     * @param id its correlation id from now on
     */
    public RequestMessage deferred(String id) {
        return new RequestMessage(alertId, id, traceparent, firstSeen, Math.min(deferrals + 1, MOST_DEFERRALS));
    }

    /** The text to send; {@link #read} parses it to an equal message. */
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
                .flatMap(RequestMessage::parse)
                .orElseThrow(() -> new InvalidBodyException(
                        Reason.INVALID_BODY,
                        place.path() + " must be a time in UTC such as 2026-01-31T08:15:00Z",
                        of.correlationId()));
    }

    private static Optional<Instant> parse(String text) {
        try {
            // A year with a sign is out of range: its milliseconds may overflow.
            return Optional.of(text)
                    .filter(Predicate.not(t -> t.startsWith("+") || t.startsWith("-")))
                    .map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int count(Located place, FoundId of) {
        if (!place.value().canConvertToExactIntegral()
                || place.value().bigIntegerValue().signum() < 0) {
            throw new InvalidBodyException(
                    Reason.INVALID_BODY, place.path() + " must be a whole number, 0 or more", of.correlationId());
        }
        return place.value()
                .bigIntegerValue()
                .min(BigInteger.valueOf(MOST_DEFERRALS))
                .intValue();
    }
}
