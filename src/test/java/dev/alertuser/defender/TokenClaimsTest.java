package dev.alertuser.defender;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenClaimsTest {
    private static final String SCOPE = "https://api.securitycenter.microsoft.com/.default";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            https://api.securitycenter.microsoft.com  | "roles":["User.Read.All"]
            https://api.securitycenter.microsoft.com/ | "roles":["Alert.Read.All","User.Read.All"]
            fc780465-2017-40d4-a0c5-307022471b92      | "roles":["User.Read.All"]
            https://api.securitycenter.microsoft.com  | "scp":"Alert.Read User.Read.All"
            """)
    void findsNothingWrong(String audience, String rights) {
        assertThat(fault(audience, rights)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"roles\":[]", "\"roles\":[\"User.Read\"]", "\"oid\":\"x\"", "\"scp\":\"User.Read\""})
    void namesTheRoleThatIsMissing(String rights) {
        assertThat(fault("https://api.securitycenter.microsoft.com", rights).orElseThrow())
                .startsWith("the token lacks the application role User.Read.All of WindowsDefenderATP (app id"
                        + " fc780465-2017-40d4-a0c5-307022471b92)");
    }

    @Test
    void namesTheAudienceThatIsExpectedAndNotTheOneThatIsThere() {
        assertThat(fault("https://graph.microsoft.com", "\"roles\":[\"User.Read.All\"]"))
                .contains("the token is meant for another application than https://api.securitycenter.microsoft.com:"
                        + " check DEFENDER_CLOUD and DEFENDER_API_SCOPE");
    }

    /** Their tokens exist, so the scope alone shows nothing; and Graph has a role of the same name. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://graph.microsoft.com",
                "https://graph.microsoft.us/",
                "00000003-0000-0000-c000-000000000000",
                "https://api.security.microsoft.com",
                "8EE8FDAD-f234-4243-8f3b-15c294843740",
                "https://api-gov.security.microsoft.us"
            })
    void seesThatTheScopeIsThatOfAnotherApi(String audience) {
        assertThat(fault(audience, "\"roles\":[\"User.Read.All\"]", audience + "/.default"))
                .contains("the token is meant for Microsoft Graph or Defender XDR, not for Defender for Endpoint:"
                        + " check DEFENDER_API_SCOPE");
    }

    /** Older names of Defender, and whatever a gateway before it may ask for. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.securitycenter.windows.com",
                "https://api-gcc.securitycenter.microsoft.us",
                "https://api-gov.securitycenter.microsoft.us",
                "api://11112222-3333-4444-5555-666677778888"
            })
    void findsNothingWrongWithAnAudienceThatItDoesNotKnow(String audience) {
        assertThat(fault(audience, "\"roles\":[\"User.Read.All\"]", audience + "/.default"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"opaque", "a.b", "a.!.c", "a.bm90IGpzb24.c", "a.W10.c", ""})
    void findsNothingWrongWithATokenThatCannotBeRead(String token) {
        assertThat(TokenClaims.fault(token, SCOPE)).isEmpty();
    }

    private static Optional<String> fault(String audience, String rights) {
        return fault(audience, rights, SCOPE);
    }

    private static Optional<String> fault(String audience, String rights, String scope) {
        String payload = "{\"aud\":\"" + audience + "\"," + rights + "}";
        return TokenClaims.fault(
                "e30."
                        + Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(payload.getBytes(StandardCharsets.UTF_8))
                        + ".sig",
                scope);
    }
}
