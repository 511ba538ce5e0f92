package dev.alertuser.functions.http;

import com.microsoft.azure.functions.HttpStatus;
import dev.alertuser.payload.json.InvalidBodyException;
import dev.alertuser.service.alert.LookupResult.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Every error that a caller can see. The code is part of the contract: callers branch on it. */
public enum ErrorCode {
    INVALID_ALERT_ID("InvalidAlertId", HttpStatus.BAD_REQUEST, null, "The alert id is malformed"),
    INVALID_REQUEST_BODY("InvalidRequestBody", HttpStatus.BAD_REQUEST, null, "The body is malformed"),
    NO_ALERT_ID("NoAlertId", HttpStatus.BAD_REQUEST, null, "There is no alert id in the body"),
    TOO_MANY_ALERTS("TooManyAlerts", HttpStatus.BAD_REQUEST, null, "There are too many alert ids in the body"),
    REQUEST_TOO_LARGE("RequestTooLarge", HttpStatus.PAYLOAD_TOO_LARGE, null, "The body is too large"),
    INVALID_PREFERENCE("InvalidPreference", HttpStatus.BAD_REQUEST, null, "A preference is malformed"),
    ALERT_ID_REJECTED("AlertIdRejected", HttpStatus.BAD_REQUEST, null, "Defender does not accept this as an alert id"),
    ALERT_OR_USER_NOT_FOUND(
            "AlertOrUserNotFound", HttpStatus.NOT_FOUND, null, "Defender knows no such alert, or no user for it"),
    BUDGET_EXHAUSTED(
            "BudgetExhausted", HttpStatus.TOO_MANY_REQUESTS, null, "The shared budget of Defender calls is used up"),
    SAME_QUESTION_UNDER_WAY(
            "SameQuestionUnderWay",
            HttpStatus.TOO_MANY_REQUESTS,
            null,
            "A lookup of the same alert is already under way"),
    DEFENDER_THROTTLED("DefenderThrottled", HttpStatus.TOO_MANY_REQUESTS, null, "Defender throttles the calls"),
    DEFENDER_ACCESS_DENIED(
            "DefenderAccessDenied", HttpStatus.BAD_GATEWAY, Duration.ofMinutes(5), "Defender refused this app"),
    DEFENDER_DENIES_USER(
            "DefenderDeniesUser", HttpStatus.FORBIDDEN, null, "Defender does not let this user see the alert"),
    DEFENDER_BAD_ANSWER(
            "DefenderBadAnswer", HttpStatus.BAD_GATEWAY, Duration.ofSeconds(30), "Defender's answer is unusable"),
    DEFENDER_UNAVAILABLE(
            "DefenderUnavailable", HttpStatus.SERVICE_UNAVAILABLE, Duration.ofSeconds(30), "Defender is out of reach"),
    IDENTITY_UNAVAILABLE(
            "IdentityUnavailable",
            HttpStatus.SERVICE_UNAVAILABLE,
            Duration.ofSeconds(30),
            "The app got no token for Defender"),
    BUDGET_UNAVAILABLE(
            "BudgetUnavailable",
            HttpStatus.SERVICE_UNAVAILABLE,
            Duration.ofSeconds(30),
            "The counter of permits is out of reach"),
    BUDGET_RECOVERING(
            "BudgetRecovering",
            HttpStatus.SERVICE_UNAVAILABLE,
            Duration.ofMinutes(1),
            "The counter of permits was lost or damaged and is recovering"),
    LOOKUP_NOT_FOUND("LookupNotFound", HttpStatus.NOT_FOUND, null, "The lookup does not exist or has expired"),
    LOOKUPS_UNAVAILABLE(
            "LookupsUnavailable",
            HttpStatus.SERVICE_UNAVAILABLE,
            Duration.ofSeconds(30),
            "The table of lookups is out of reach"),
    LOOKUPS_BUSY(
            "LookupsBusy",
            HttpStatus.SERVICE_UNAVAILABLE,
            Duration.ofSeconds(1),
            "Too many callers without a key read lookups at once"),
    QUEUE_UNAVAILABLE(
            "QueueUnavailable", HttpStatus.SERVICE_UNAVAILABLE, Duration.ofSeconds(30), "The queue is out of reach"),
    CLIENT_STATE_MISMATCH(
            "ClientStateMismatch", HttpStatus.FORBIDDEN, null, "A change notification has the wrong clientState"),
    DELEGATION_NOT_CONFIGURED(
            "DelegationNotConfigured", HttpStatus.FORBIDDEN, null, "Users cannot ask with their own rights here"),
    SIGN_IN_REQUIRED("SignInRequired", HttpStatus.UNAUTHORIZED, null, "No user is signed in"),
    SIGN_IN_EXPIRED("SignInExpired", HttpStatus.UNAUTHORIZED, null, "The sign-in has ended"),
    WRONG_AUDIENCE("WrongAudience", HttpStatus.UNAUTHORIZED, null, "The token is for another API"),
    USER_NOT_IN_TENANT("UserNotInTenant", HttpStatus.FORBIDDEN, null, "The user is not of this app's tenant"),
    CONSENT_REQUIRED("ConsentRequired", HttpStatus.FORBIDDEN, null, "An administrator has to consent"),
    INTERACTION_REQUIRED("InteractionRequired", HttpStatus.UNAUTHORIZED, null, "The user has to sign in again"),
    SIGN_IN_REJECTED("SignInRejected", HttpStatus.UNAUTHORIZED, null, "Entra ID refuses the sign-in"),
    FEDERATED_CREDENTIAL_MISSING(
            "FederatedCredentialMissing",
            HttpStatus.BAD_GATEWAY,
            Duration.ofMinutes(5),
            "The app registration does not trust the app's identity"),
    DEFENDER_TIMEOUT(
            "DefenderTimeout", HttpStatus.GATEWAY_TIMEOUT, Duration.ofSeconds(30), "Defender did not answer in time"),
    /** In result messages only. */
    REQUEST_EXPIRED("RequestExpired", HttpStatus.GATEWAY_TIMEOUT, null, "The queued request waited too long"),
    INTERNAL_ERROR("InternalError", HttpStatus.INTERNAL_SERVER_ERROR, Duration.ofMinutes(1), "The app failed");

    private final String code;
    private final HttpStatus status;
    private final @Nullable Duration retryAfter;
    private final String title;

    ErrorCode(String code, HttpStatus status, @Nullable Duration retryAfter, String title) {
        this.code = code;
        this.status = status;
        this.retryAfter = retryAfter;
        this.title = title;
    }

    public static ErrorCode of(Reason reason) {
        return switch (reason) {
            case BUDGET_EXHAUSTED -> BUDGET_EXHAUSTED;
            case BUDGET_RECOVERING -> BUDGET_RECOVERING;
            case BUDGET_UNAVAILABLE -> BUDGET_UNAVAILABLE;
            case SAME_QUESTION_UNDER_WAY -> SAME_QUESTION_UNDER_WAY;
            case IDENTITY_UNAVAILABLE -> IDENTITY_UNAVAILABLE;
            case DEFENDER_THROTTLED -> DEFENDER_THROTTLED;
            case DEFENDER_ACCESS_DENIED -> DEFENDER_ACCESS_DENIED;
            case DEFENDER_DENIES_USER -> DEFENDER_DENIES_USER;
            case DEFENDER_BAD_ANSWER -> DEFENDER_BAD_ANSWER;
            case DEFENDER_UNAVAILABLE -> DEFENDER_UNAVAILABLE;
            case DEFENDER_TIMEOUT -> DEFENDER_TIMEOUT;
        };
    }

    public static ErrorCode of(InvalidBodyException.Reason reason) {
        return switch (reason) {
            case INVALID_BODY -> INVALID_REQUEST_BODY;
            case INVALID_ALERT_ID -> INVALID_ALERT_ID;
            case NO_ALERT_ID -> NO_ALERT_ID;
            case TOO_MANY_ALERTS -> TOO_MANY_ALERTS;
            case TOO_LARGE -> REQUEST_TOO_LARGE;
        };
    }

    public String code() {
        return code;
    }

    public HttpStatus status() {
        return status;
    }

    /** Default {@code Retry-After} when no exact time is known; null if repeating the request cannot help. */
    @Nullable
    public Duration retryAfter() {
        return retryAfter;
    }

    /** A fixed text for every error of this code. */
    String title() {
        return title;
    }
}
