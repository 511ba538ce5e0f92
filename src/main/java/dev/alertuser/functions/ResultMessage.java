package dev.alertuser.functions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.alertuser.payload.Account;
import dev.alertuser.service.AlertId;
import dev.alertuser.service.AlertUser;
import dev.alertuser.service.LookupResult.Source;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a queued request ended, as the text of one message: {@code {"alertId", "outcome", "user"|null, "account"|null, "error"|null,
 * "correlationId", "source", "requestedAt", "completedAt", "deferrals"}}; with {@code originalMessage} when the request could not be read or
 * failed.
 *
 * @param alertId null if the request could not be read
 * @param user only when found; written as Defender gave it
 * @param source null unless Defender or a kept answer decided
 * @param originalMessage the text of the request, cut if it does not fit
 */
record ResultMessage(
        @Nullable AlertId alertId,
        Outcome outcome,
        @Nullable AlertUser user,
        @Nullable ApiError error,
        @Nullable String correlationId,
        @Nullable Source source,
        Instant requestedAt,
        Instant completedAt,
        int deferrals,
        @Nullable String originalMessage) {

    /** A queue message holds 64 KiB, of which Base64 takes a quarter. */
    private static final int MAX_BYTES = 48 * 1024;

    enum Outcome {
        FOUND("found"),
        NOT_FOUND("notFound"),
        INVALID("invalid"),
        FAILED("failed"),
        EXPIRED("expired");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    String toText() {
        String text = Json.write(toJson(originalMessage));
        for (String original = originalMessage; original != null && bytes(text) > MAX_BYTES; ) {
            original = original.substring(0, original.length() / 2);
            text = Json.write(toJson(original).put("originalTruncated", true));
        }
        return text;
    }

    private ObjectNode toJson(@Nullable String original) {
        ObjectNode json = Json.object()
                .put("alertId", alertId == null ? null : alertId.value())
                .put("outcome", outcome.label());
        if (user == null) {
            json.putNull("user").putNull("account");
        } else {
            json.putRawValue("user", new RawValue(user.json()));
            json.set("account", Account.of(user).map(Account::toJson).orElse(null));
        }
        json.set("error", error == null ? null : HttpCall.azureError(error).get("error"));
        json.put("correlationId", correlationId)
                .put("source", source == null ? null : label(source))
                .put("requestedAt", requestedAt.toString())
                .put("completedAt", completedAt.toString())
                .put("deferrals", deferrals);
        return original == null ? json : json.put("originalMessage", original);
    }

    private static String label(Source source) {
        return switch (source) {
            case DEFENDER -> "defender";
            case KEPT -> "kept";
        };
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
