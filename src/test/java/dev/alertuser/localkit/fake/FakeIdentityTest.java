package dev.alertuser.localkit.fake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakeIdentityTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String RESOURCE = FakeDefender.AUDIENCE;

    private final HttpClient client = HttpClient.newHttpClient();
    private final FakeIdentity identity = FakeIdentity.start();

    @AfterEach
    void close() {
        identity.close();
    }

    @Test
    void issuesATokenThatSaysWhatItIsFor() throws Exception {
        identity.roles("A.Role");
        JsonNode answer = JSON.readTree(get().body());
        String token = answer.path("access_token").textValue();
        JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));

        assertThat(claims.path("aud").textValue()).isEqualTo(RESOURCE);
        assertThat(claims.path("roles")).containsExactly(JSON.getNodeFactory().textNode("A.Role"));
        assertThat(answer.path("expires_on").textValue())
                .isEqualTo(claims.path("exp").asText());
        assertThat(Instant.ofEpochSecond(claims.path("exp").asLong()))
                .isBetween(
                        Instant.now().plus(Duration.ofHours(23)), Instant.now().plus(Duration.ofHours(24)));
    }

    @Test
    void givesTheSameTokenWithItsOldRolesAgain() throws Exception {
        identity.roles();
        String first = token();
        identity.roles("User.Read.All");

        assertThat(token()).as("as the platform does for a day").isEqualTo(first);
        assertThat(FakeToken.read(first).orElseThrow().roles()).isEmpty();
    }

    @Test
    void givesANewTokenShortlyBeforeTheOldOneEnds() throws Exception {
        identity.tokenLife(Duration.ofSeconds(299));

        assertThat(token()).isNotEqualTo(token());
    }

    @Test
    void aTokenForOneResourceIsNotForAnother() throws Exception {
        assertThat(FakeToken.read(token(get(identity, query(FakeIdentity.GRAPH))))
                        .orElseThrow()
                        .audience())
                .isEqualTo(FakeIdentity.GRAPH);
    }

    @Test
    void servesNoResourceThatTheTenantDoesNotKnow() throws Exception {
        HttpResponse<String> answer = get(identity, query("https://api.security.microsoft.example"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("AADSTS500011", "https://api.security.microsoft.example");
    }

    @Test
    void servesNoIdentityThatTheAppDoesNotHave() throws Exception {
        try (FakeIdentity userAssigned = FakeIdentity.startUserAssigned()) {
            String clientId = userAssigned.environment().get("AZURE_CLIENT_ID");

            HttpResponse<String> other = get(userAssigned, query(RESOURCE) + "&client_id=" + UUID.randomUUID());

            assertThat(get(userAssigned, query(RESOURCE) + "&client_id=" + clientId)
                            .statusCode())
                    .isEqualTo(200);
            assertThat(get(userAssigned, query(RESOURCE)).statusCode())
                    .as("there is no system-assigned one")
                    .isEqualTo(400);
            assertThat(other.statusCode()).isEqualTo(400);
            assertThat(JSON.readTree(other.body()).path("message").textValue())
                    .isEqualTo("No User Assigned or Delegated Managed Identity found for specified"
                            + " ClientId/ResourceId/PrincipalId.");
            assertThat(get(identity, query(RESOURCE) + "&client_id=" + clientId).statusCode())
                    .as("there is only a system-assigned one")
                    .isEqualTo(400);
        }
    }

    @Test
    void refusesARequestWithoutItsHeader() throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(identity.endpoint() + query(RESOURCE)))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(identity.received()).isEmpty();
    }

    @Test
    void failsUntilItRecovers() throws Exception {
        identity.fail(500);
        int failed = get().statusCode();
        identity.recover();

        assertThat(List.of(failed, get().statusCode())).containsExactly(500, 200);
        assertThat(identity.requests(RESOURCE)).isEqualTo(2);
        assertThat(identity.received().get(0)).isEqualTo(new FakeIdentity.Received(RESOURCE, Optional.empty()));
    }

    private String token() throws Exception {
        return token(get());
    }

    private static String token(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body()).path("access_token").textValue();
    }

    private HttpResponse<String> get() throws Exception {
        return get(identity, query(RESOURCE));
    }

    private static String query(String resource) {
        return "?api-version=2019-08-01&resource=" + resource;
    }

    private HttpResponse<String> get(FakeIdentity identity, String query) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(identity.endpoint() + query))
                .header("X-IDENTITY-HEADER", identity.environment().get("IDENTITY_HEADER"))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }
}
