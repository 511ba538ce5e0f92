package dev.alertuser.delegated;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.exception.ClientAuthenticationException;
import com.microsoft.aad.msal4j.MsalServiceException;
import dev.alertuser.service.port.IdentityUnavailableException;
import dev.alertuser.service.user.SignInException;
import dev.alertuser.service.user.SignInException.Fault;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntraRefusalTest {
    @ParameterizedTest(name = "{0} AADSTS{1} is {2}")
    @CsvSource({
        "invalid_grant, 65001, CONSENT_REQUIRED",
        "invalid_resource, 650057, CONSENT_REQUIRED",
        "invalid_resource, 500011, CONSENT_REQUIRED",
        "interaction_required, 50076, INTERACTION_REQUIRED",
        "interaction_required, 50079, INTERACTION_REQUIRED",
        "invalid_resource, 999999, CONSENT_REQUIRED",
        "consent_required, 999999, CONSENT_REQUIRED",
        "interaction_required, 999999, INTERACTION_REQUIRED",
        "invalid_request, 70021, APP_NOT_TRUSTED",
        "invalid_client, 999999, APP_NOT_TRUSTED",
        "invalid_client, 700213, APP_NOT_TRUSTED",
        "invalid_client, 700211, APP_NOT_TRUSTED",
        "unauthorized_client, 700016, APP_NOT_TRUSTED",
        "invalid_grant, 50020, NOT_IN_TENANT",
        "invalid_grant, 500131, WRONG_AUDIENCE",
        "invalid_grant, 50013, WRONG_AUDIENCE",
        "invalid_grant, 500133, EXPIRED",
        "invalid_grant, 50057, REJECTED",
        "invalid_grant, 999999, REJECTED",
    })
    void hasAFaultOfItsOwn(String error, String number, Fault fault) {
        SignInException refusal = refusal(error, "AADSTS" + number + ": text. Trace ID: 1");

        assertThat(refusal.fault()).isEqualTo(fault);
        assertThat(refusal).hasMessageEndingWith("AADSTS" + number + ".");
    }

    /** Its text names the account: "AADSTS50020: User account 'ada@contoso.com' … does not exist in tenant". */
    @Test
    void repeatsNothingOfTheText() {
        SignInException refusal =
                refusal("invalid_grant", "AADSTS50020: User account 'ada@contoso.com' from identity provider x");

        assertThat(refusal).hasMessageNotContainingAny("ada", "contoso").hasNoCause();
    }

    @Test
    void saysWhoHasToConsent() {
        assertThat(refusal("invalid_grant", "AADSTS65001: text"))
                .hasMessageContaining("an administrator")
                .hasMessageContaining("the-app")
                .hasMessageContaining("User.Read.All of WindowsDefenderATP");
    }

    @ParameterizedTest
    @ValueSource(strings = {"temporarily_unavailable", "server_error"})
    void anOutageIsNoFaultOfTheSignInAndRepeatsNothingEither(String error) {
        assertThat(exception(error, "AADSTS90033: User account 'ada@contoso.com'."))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Entra ID failed: " + error + ", AADSTS90033")
                .hasNoCause();
    }

    @Test
    void anAnswerWithoutANumberIsAnOutage() {
        assertThat(exception("unknown", "Token not found, 502")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFailureWithoutAnAnswerIsLeftAsItIs() {
        assertThat(EntraRefusal.in(new IllegalStateException("no connection"))).isEmpty();
    }

    /** For the identity's own token, "AADSTS500011" means that the identity is wrong, and no consent of anybody mends it. */
    @Test
    void aRefusalOfTheAppsIdentityIsNoneOfTheUsersToken() {
        Throwable ofIdentity = new IdentityUnavailableException(
                "no token",
                new MsalServiceException("AADSTS500011: resource not found", "managed_identity_request_failed"));

        assertThat(EntraRefusal.in(new CompletionException(ofIdentity))).isEmpty();
    }

    private static RuntimeException exception(String error, String text) {
        return EntraRefusal.in(failure(error, text)).orElseThrow().toException("the-app");
    }

    private static SignInException refusal(String error, String text) {
        return (SignInException) exception(error, text);
    }

    private static Throwable failure(String error, String text) {
        return new ClientAuthenticationException(
                "Failed to acquire token with On Behalf Of Authentication.",
                null,
                new CompletionException(new MsalServiceException(text, error)));
    }
}
