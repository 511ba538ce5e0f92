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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakeIdentityTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String RESOURCE = "https://api.example";

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
    void knowsTheTokensItIssued() throws Exception {
        String token = JSON.readTree(get().body()).path("access_token").textValue();

        assertThat(identity.isGood(token)).isTrue();
        assertThat(identity.isGood(token + "x")).isFalse();
    }

    @Test
    void aTokenWithoutLifeIsNotGood() throws Exception {
        identity.tokenLife(Duration.ZERO);
        String token = JSON.readTree(get().body()).path("access_token").textValue();

        assertThat(identity.isGood(token)).isFalse();
    }

    @Test
    void refusesARequestWithoutItsHeader() throws Exception {
        HttpResponse<String> answer = client.send(HttpRequest.newBuilder(uri()).build(), BodyHandlers.ofString());

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

    private HttpResponse<String> get() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri())
                .header("X-IDENTITY-HEADER", identity.environment().get("IDENTITY_HEADER"))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private URI uri() {
        return URI.create(identity.endpoint() + "?api-version=2019-08-01&resource=" + RESOURCE);
    }
}
