package dev.alertuser.functions.queue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alertuser.functions.http.AlertOutcome;
import dev.alertuser.functions.http.ApiError;
import dev.alertuser.functions.http.CallLog;
import dev.alertuser.functions.http.CallLog.Field;
import dev.alertuser.functions.http.Json;
import dev.alertuser.service.alert.AlertId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The result of a queued request, as the text of one message: the members of {@link AlertOutcome} with
 * {@code "correlationId", "traceparent", "requestedAt", "completedAt", "deferrals"}; with {@code originalMessage} when the request could
 * not be read or failed, and {@code accountOmitted} when the account would not fit.
 *
 * @param originalMessage the text of the request, cut if it does not fit
 */
public record ResultMessage(
        AlertOutcome alert,
        @Nullable String correlationId,
        @Nullable String traceparent,
        Instant requestedAt,
        Instant completedAt,
        int deferrals,
        @Nullable String originalMessage) {

    /** A queue message holds 64 KiB, of which Base64 takes a quarter. */
    private static final int MAX_BYTES = 48 * 1024;

    /** Adds the result to the log line of the call. */
    void describeIn(CallLog log) {
        AlertId alertId = alert.alertId();
        ApiError error = alert.error();
        log.put(Field.OUTCOME, alert.outcome().label());
        log.put(Field.ALERT_ID, alertId == null ? null : alertId.value());
        log.put(Field.CODE, error == null ? null : error.code().code());
        log.put(Field.CORRELATION_ID, correlationId);
        log.put(Field.TRACEPARENT, traceparent);
        log.put(Field.DEFERRALS, deferrals);
        log.put(Field.AGE_SECONDS, Duration.between(requestedAt, completedAt).toSeconds());
    }

    /** The text to send, shortened if it would not fit. */
    public String toText() {
        String text = Json.write(toJson(originalMessage));
        // Escapes make the size of the original within the JSON hard to predict, so it is halved until the whole fits.
        for (String original = originalMessage; original != null && bytes(text) > MAX_BYTES; ) {
            original = original.substring(0, original.length() / 2);
            text = Json.write(toJson(original).put("originalTruncated", true));
        }
        return bytes(text) > MAX_BYTES ? withoutAccount() : text;
    }

    /** A user has at most 32 KiB; with names that long, the account repeats most of it. */
    private String withoutAccount() {
        return Json.write(toJson(null).putNull("account").put("accountOmitted", true));
    }

    private ObjectNode toJson(@Nullable String original) {
        ObjectNode json = alert.toJson()
                .put("correlationId", correlationId)
                .put("traceparent", traceparent)
                .put("requestedAt", requestedAt.toString())
                .put("completedAt", completedAt.toString())
                .put("deferrals", deferrals);
        return original == null ? json : json.put("originalMessage", original);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
