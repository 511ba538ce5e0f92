package dev.alertuser.functions.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.alertuser.payload.AlertIdHint;
import dev.alertuser.payload.account.Account;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.AlertUser;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Source;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one alert, as answers for many alerts and result messages carry it: {@code {"alertId", "outcome", "source"|null,
 * "user"|null, "account"|null, "error"|null}}; with {@code hint} when the id of an alert that was not found looks like that of another
 * product, and with {@code retryAfterSeconds} when the alert is deferred.
 *
 * @param alertId null if a message could not be read
 * @param user null unless found; written as Defender returned it
 * @param error null if there is an answer
 * @param source null unless Defender or a cached answer decided
 */
public record AlertOutcome(
        @Nullable AlertId alertId,
        Outcome outcome,
        @Nullable AlertUser user,
        @Nullable ApiError error,
        @Nullable Source source) {

    public enum Outcome {
        FOUND("found"),
        NOT_FOUND("notFound"),
        /** A later request may succeed. */
        DEFERRED("deferred"),
        INVALID("invalid"),
        FAILED("failed"),
        EXPIRED("expired");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    public static AlertOutcome of(AlertId alertId, LookupResult result) {
        return result.match(
                found -> new AlertOutcome(
                        alertId,
                        Outcome.FOUND,
                        found.user(),
                        null,
                        found.origin().source()),
                notFound -> new AlertOutcome(
                        alertId,
                        Outcome.NOT_FOUND,
                        null,
                        null,
                        notFound.origin().source()),
                rejected -> new AlertOutcome(
                        alertId,
                        Outcome.FAILED,
                        null,
                        ApiError.of(rejected),
                        rejected.origin().source()),
                deferred -> withoutAnswer(
                        alertId,
                        deferred.reason().passes() ? Outcome.DEFERRED : Outcome.FAILED,
                        ApiError.of(deferred)));
    }

    public static AlertOutcome withoutAnswer(@Nullable AlertId alertId, Outcome outcome, ApiError error) {
        return new AlertOutcome(alertId, outcome, null, error, null);
    }

    /** The Sentinel entity of the user, if there is one. */
    public Optional<Account> account() {
        return Optional.ofNullable(user).flatMap(Account::of);
    }

    public ObjectNode toJson() {
        ObjectNode json = Json.object()
                .put("alertId", alertId == null ? null : alertId.value())
                .put("outcome", outcome.label())
                .put("source", source == null ? null : label(source));
        if (user == null) {
            json.putNull("user");
        } else {
            json.putRawValue("user", new RawValue(user.json()));
        }
        json.set("account", account().map(Account::toJson).orElse(null));
        json.set("error", error == null ? null : error.members());
        if (outcome == Outcome.DEFERRED && error != null) {
            json.put("retryAfterSeconds", error.retryAfterSeconds());
        }
        if (outcome == Outcome.NOT_FOUND) {
            Optional.ofNullable(alertId).flatMap(AlertIdHint::of).ifPresent(hint -> json.put("hint", hint));
        }
        return json;
    }

    private static String label(Source source) {
        return switch (source) {
            case DEFENDER -> "defender";
            case CACHED -> "kept";
        };
    }
}
