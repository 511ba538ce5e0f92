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

    @ParameterizedTest
    @ValueSource(strings = {"opaque", "a.b", "a.!.c", "a.bm90IGpzb24.c", "a.W10.c", ""})
    void findsNothingWrongWithATokenThatCannotBeRead(String token) {
        assertThat(TokenClaims.fault(token, SCOPE)).isEmpty();
    }

    private static Optional<String> fault(String audience, String rights) {
        String payload = "{\"aud\":\"" + audience + "\"," + rights + "}";
        return TokenClaims.fault(
                "e30."
                        + Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(payload.getBytes(StandardCharsets.UTF_8))
                        + ".sig",
                SCOPE);
    }
}
