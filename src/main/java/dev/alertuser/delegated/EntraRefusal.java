package dev.alertuser.delegated;

import com.microsoft.aad.msal4j.MsalServiceException;
import dev.alertuser.service.port.IdentityUnavailableException;
import dev.alertuser.service.user.SignInException;
import dev.alertuser.service.user.SignInException.Fault;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Entra ID's refusal of a token, as a number and a kind. Its text is left alone: it names users.
 *
 * @param error OAuth's word: {@code invalid_grant}, {@code interaction_required}, …
 * @param number of {@code AADSTS65001}; empty if the text holds none
 * @param claims challenge of Conditional Access, in JSON; null if there is none
 * @see <a href="https://learn.microsoft.com/entra/identity-platform/reference-error-codes">Error codes of Entra ID</a>
 */
record EntraRefusal(String error, String number, @Nullable String claims) {
    private static final Pattern NUMBER = Pattern.compile("AADSTS(\\d{4,9})");

    /** No consent of anybody, or only of users who may not give it; the permission is not even requested; Defender is not in the tenant. */
    private static final Set<String> CONSENT = Set.of("65001", "65004", "90094", "650057", "500011", "650052");

    /** No federated credential with this issuer, subject or audience. */
    private static final Set<String> TRUST = Set.of("70021", "700211", "700212", "700213");

    /** An account of another tenant, or a guest without an account here. */
    private static final Set<String> TENANT = Set.of("50020", "90072", "50034");

    private static final Set<String> AUDIENCE = Set.of("500131", "50013");

    /** Ended, or made before the user's password was changed. */
    private static final Set<String> EXPIRY = Set.of("500133", "50173");

    /**
     * What Entra ID said of a request for a user's token that failed; empty if it failed otherwise. The identity endpoint, which gives the
     * app its own token, speaks in the same way, but not of the user.
     */
    static Optional<EntraRefusal> in(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IdentityUnavailableException) {
                return Optional.empty();
            } else if (cause instanceof MsalServiceException refusal) {
                return Optional.of(new EntraRefusal(
                        String.valueOf(refusal.errorCode()),
                        number(String.valueOf(refusal.getMessage())),
                        refusal.claims()));
            }
        }
        return Optional.empty();
    }

    private static String number(String text) {
        Matcher number = NUMBER.matcher(text);
        return number.find() ? number.group(1) : "";
    }

    private boolean isOutage() {
        return number.isEmpty() || error.equals("temporarily_unavailable") || error.equals("server_error");
    }

    /** A {@link SignInException}, or another one for an outage; neither has Entra ID's text. */
    RuntimeException toException(String clientId) {
        if (isOutage()) {
            return new IllegalStateException("Entra ID failed: " + error + ", AADSTS" + number);
        }
        Fault fault = fault();
        return new SignInException(fault, message(fault, clientId) + " Entra ID says AADSTS" + number + ".", claims);
    }

    /** Microsoft may change the numbers. Where OAuth's own word decides, an unknown number does no harm. */
    private Fault fault() {
        if (CONSENT.contains(number) || error.equals("consent_required") || error.equals("invalid_resource")) {
            return Fault.CONSENT_REQUIRED;
        } else if (TRUST.contains(number) || error.equals("invalid_client") || error.equals("unauthorized_client")) {
            return Fault.APP_NOT_TRUSTED;
        } else if (claims != null || error.equals("interaction_required")) {
            return Fault.INTERACTION_REQUIRED;
        } else if (TENANT.contains(number)) {
            return Fault.NOT_IN_TENANT;
        } else if (AUDIENCE.contains(number)) {
            return Fault.WRONG_AUDIENCE;
        } else if (EXPIRY.contains(number)) {
            return Fault.EXPIRED;
        }
        return Fault.REJECTED;
    }

    static String consentMissing(String clientId) {
        return "Nobody has consented that the app registration " + clientId + " asks Defender in the name of users: an"
                + " administrator grants it the delegated permission User.Read.All of WindowsDefenderATP, by"
                + " infra/delegate.sh for instance.";
    }

    private static String message(Fault fault, String clientId) {
        return switch (fault) {
            case CONSENT_REQUIRED -> consentMissing(clientId);
            case APP_NOT_TRUSTED ->
                "The app registration " + clientId + " does not trust the app's managed identity: the operator adds a"
                        + " federated credential, by infra/delegate.sh for instance.";
            case NOT_IN_TENANT ->
                "The account is unknown in the app's tenant: sign in with an account of that tenant, or have an"
                        + " administrator invite it as a guest.";
            case WRONG_AUDIENCE ->
                "Entra ID does not take the token as one for this app: ask for one for api://" + clientId
                        + "/.default.";
            case EXPIRED -> "The sign-in has ended: sign in again.";
            case INTERACTION_REQUIRED ->
                "Conditional Access wants more than this sign-in, a second factor for instance: sign in again, with the"
                        + " claims in WWW-Authenticate.";
            case REJECTED, MISSING -> "Entra ID refuses the sign-in: sign in again, or ask the administrator.";
        };
    }
}
