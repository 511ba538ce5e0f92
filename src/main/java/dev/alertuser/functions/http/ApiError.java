package dev.alertuser.functions.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.alert.LookupResult.Rejected;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One error as callers see it, over HTTP or in a result message.
 *
 * @param message for people; says expected, found and place for a caller's mistake, and where to look for a fault of the app
 * @param retryAfter null if repeating the request cannot help
 * @param target Defender's correlation id of the failed call, as in Defender's own errors; null if there is none
 */
public record ApiError(
        ErrorCode code,
        String message,
        @Nullable Duration retryAfter,
        @Nullable String target) {

    /**
     * An error of our own.
     *
     * @param message null for the title of the code
     */
    public static ApiError of(ErrorCode code, @Nullable String message) {
        return new ApiError(code, message == null ? code.title() : message, code.retryAfter(), null);
    }

    public static ApiError of(Deferred deferred) {
        ErrorCode code = ErrorCode.of(deferred.reason());
        Duration retryAfter = deferred.reason() == Reason.DEFENDER_DENIES_USER ? null : deferred.retryAfter();
        return new ApiError(code, message(deferred), retryAfter, deferred.correlationId());
    }

    public static ApiError of(Rejected rejected) {
        return new ApiError(
                ErrorCode.ALERT_ID_REJECTED,
                "Defender answered 400: it does not accept this as the id of an alert.",
                null,
                rejected.origin().correlationId());
    }

    private static String message(Deferred deferred) {
        return switch (deferred.reason()) {
            case BUDGET_EXHAUSTED ->
                "All Defender calls of the current window are spent. The caller's turn comes in "
                        + Seconds.ofRetryAfter(deferred.retryAfter()) + " s and lapses 10 s later.";
            case SAME_QUESTION_UNDER_WAY ->
                "A lookup of the same alert is already under way and takes longer than this caller waits.";
            case BUDGET_RECOVERING ->
                "The counter of Defender calls was lost or damaged, so the last minute counts as used. Calls resume in "
                        + Seconds.ofRetryAfter(deferred.retryAfter()) + " s.";
            case DEFENDER_THROTTLED ->
                "Defender answered 429, so all callers pause for " + Seconds.ofRetryAfter(deferred.retryAfter())
                        + " s. Another client may be using the same quota.";
            case DEFENDER_ACCESS_DENIED ->
                "Defender refused the app's token. Its identity needs the application role"
                        + " User.Read.All of WindowsDefenderATP (app id fc780465-2017-40d4-a0c5-307022471b92), not the role of"
                        + " the same name of Microsoft Graph; a role granted today may take up to 24 h to reach the token.";
            case DEFENDER_DENIES_USER ->
                "Defender answered " + deferred.status()
                        + ": you lack its permission View Data, or the alert's device is in a"
                        + " device group that you may not see. An administrator of Defender can give you both.";
            case DEFENDER_BAD_ANSWER -> "Defender's answer is not the JSON object of a user.";
            case DEFENDER_UNAVAILABLE -> "Defender is out of reach or failed.";
            case DEFENDER_TIMEOUT -> "Defender did not answer in time.";
            case IDENTITY_UNAVAILABLE -> "The app's managed identity got no token for Defender.";
            case BUDGET_UNAVAILABLE ->
                "The table that counts Defender calls is out of reach, and without it no call is made.";
        };
    }

    /** In Azure's form: {@code {"error":{"code","message","target"?}}}. */
    public ObjectNode toJson() {
        return Json.object().set("error", members());
    }

    /** {@code {"code","message","target"?}}. */
    ObjectNode members() {
        ObjectNode members = Json.object().put("code", code.code()).put("message", message);
        return target == null ? members : members.put("target", target);
    }

    /** Null if repeating cannot help. */
    @Nullable
    Long retryAfterSeconds() {
        return retryAfter == null ? null : Seconds.ofRetryAfter(retryAfter);
    }
}
