package dev.alertuser.localkit.fake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the stand-in for Entra ID asks of an exchange, each missing in turn. */
class FakeEntraIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static FakeEntra entra;
    private static HttpClient http;

    private final Map<String, String> form = new LinkedHashMap<>(Map.of(
            "client_id",
            entra.environment().get("DELEGATED_CLIENT_ID"),
            "grant_type",
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "requested_token_use",
            "on_behalf_of",
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion",
            app(FakeEntra.ASSERTION_AUDIENCE),
            "assertion",
            entra.tokenOf(FakeUser.ADA),
            "scope",
            "openid " + FakeDefender.AUDIENCE + "/.default"));

    @BeforeAll
    static void start() throws Exception {
        FakeCertificate certificate = FakeCertificate.make(Path.of("target", "certificate", "fake-entra"));
        entra = FakeEntra.start(certificate);
        http = HttpClient.newBuilder().sslContext(certificate.trustingContext()).build();
    }

    @AfterAll
    static void stop() {
        entra.close();
    }

    @AfterEach
    void recover() {
        entra.trusts(true);
        entra.consented(true);
        entra.down(false);
    }

    @Test
    void givesATokenOfTheUserForDefender() throws Exception {
        FakeToken token =
                FakeToken.read(exchange(200).get("access_token").textValue()).orElseThrow();

        assertThat(token.audience()).isEqualTo(FakeDefender.AUDIENCE);
        assertThat(token.user()).isEqualTo(FakeUser.ADA);
        assertThat(token.roles()).containsExactly("User.Read.All");
    }

    @ParameterizedTest(name = "{0} = {1}: AADSTS{2}")
    @CsvSource({
        "client_id, other, 700016",
        "grant_type, client_credentials, 70003",
        "requested_token_use, '', 900144",
        "client_assertion_type, '', 7000218",
        "client_assertion, '', 7000218",
        "assertion, forged, 50013",
        "scope, https://graph.microsoft.com/.default, 70011",
    })
    void refusesAFormThatIsWrong(String member, String value, int number) throws Exception {
        form.put(member, value);

        assertRefused(number);
    }

    @Test
    void refusesAnAppThatProvesItselfByATokenForAnotherAudience() throws Exception {
        form.put("client_assertion", app(FakeDefender.AUDIENCE));

        assertRefused(700213);
    }

    @Test
    void refusesAnAppThatTheRegistrationDoesNotTrust() throws Exception {
        entra.trusts(false);

        assertRefused(700213);
    }

    @Test
    void refusesTokensOfUsersThatAreNotForTheApp() throws Exception {
        form.put("assertion", entra.tokenForAnotherApi(FakeUser.ADA));
        assertRefused(500131);

        form.put("assertion", entra.tokenOf(FakeUser.ADA, Duration.ofSeconds(-1)));
        assertRefused(500133);

        form.put("assertion", entra.tokenOfAnotherTenant(FakeUser.ADA));
        assertRefused(50020);

        form.put("assertion", entra.tokenOfAnApplication());
        assertRefused(50013);
    }

    @Test
    void refusesWithoutConsent() throws Exception {
        entra.consented(false);

        assertRefused(65001);
    }

    @Test
    void challengesAUserWithClaims() throws Exception {
        FakeUser user = FakeUser.another(true);
        entra.challenge(user, "{\"access_token\":{}}");
        form.put("assertion", entra.tokenOf(user));

        JsonNode answer = assertRefused(50076);

        assertThat(answer.get("error").textValue()).isEqualTo("interaction_required");
        assertThat(answer.get("claims").textValue()).isEqualTo("{\"access_token\":{}}");
    }

    @Test
    void isDownWhenToldSo() throws Exception {
        entra.down(true);

        assertThat(exchange(503).get("error").textValue()).isEqualTo("temporarily_unavailable");
    }

    private static String app(String audience) {
        return new FakeToken(audience, List.of(), Instant.now().plusSeconds(60)).signed();
    }

    private JsonNode assertRefused(int number) throws Exception {
        HttpResponse<String> answer = send();
        assertThat(answer.statusCode()).isBetween(400, 401);
        JsonNode json = JSON.readTree(answer.body());
        assertThat(json.at("/error_codes/0").intValue()).as(answer.body()).isEqualTo(number);
        assertThat(json.get("error_description").textValue()).startsWith("AADSTS" + number + ": ");
        return json;
    }

    private JsonNode exchange(int status) throws Exception {
        HttpResponse<String> answer = send();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> send() throws Exception {
        String body = form.entrySet().stream()
                .map(member -> member.getKey() + "=" + URLEncoder.encode(member.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        URI token = entra.url().resolve("/" + FakeToken.TENANT + "/oauth2/v2.0/token");
        return http.send(
                HttpRequest.newBuilder(token)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
