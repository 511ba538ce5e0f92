package dev.alertuser.localkit.fake;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FakeDefenderTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private Instant now = Instant.parse("2026-01-01T12:00:00Z");
    private final FakeDefender defender = FakeDefender.start(0, () -> now);

    @AfterEach
    void close() {
        defender.close();
    }

    @Test
    void knowsTheSeedAlert() throws Exception {
        assertThat(get(FakeDefender.SEED_ALERT).body()).contains("\"id\":\"contoso\\\\user1\"");
    }

    @Test
    void makesUpTheSameUserForTheSameAlert() throws Exception {
        assertThat(get("da1_2").statusCode()).isEqualTo(200);
        assertThat(get("da1_2").body()).isEqualTo(get("da1_2").body());
    }

    @Test
    void answers404ForIdsThatBeginWithMissing() throws Exception {
        HttpResponse<String> answer = get("missing_1");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("\"ResourceNotFound\"", "Alert missing_1 not found");
    }

    @ParameterizedTest
    @CsvSource({"forbidden_1, 403", "broken_1, 200", "down_1, 503", "throttled_1, 429"})
    void failsForIdsThatBeginWithTheNameOfAFailure(String alertId, int status) throws Exception {
        HttpResponse<String> answer = get(alertId);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).doesNotContain("accountName");
    }

    @Test
    void listsItsFailuresInOneLine() {
        assertThat(FakeDefenderFailure.list())
                .isEqualTo("missing* 404, forbidden* 403, broken* 200 without JSON, down* 503, slow* no answer in time,"
                        + " throttled* 429 for 10 s");
    }

    @Test
    void answers401ToATokenThatItDoesNotAccept() throws Exception {
        defender.accept("another"::equals);

        assertThat(get("da1").statusCode()).isEqualTo(401);
    }

    @Test
    void refusesWhatDoesNotFitIntoARollingWindow() throws Exception {
        defender.limit(new FakeDefender.Limit(2, Duration.ofMinutes(1)));

        assertThat(get("da1").statusCode()).isEqualTo(200);
        pass(Duration.ofSeconds(40));
        assertThat(get("da2").statusCode()).isEqualTo(200);
        HttpResponse<String> refused = get("da3");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).contains("20");
        pass(Duration.ofSeconds(20));
        assertThat(get("da3").statusCode()).isEqualTo(200);
        assertThat(get("da4").statusCode()).isEqualTo(429);
    }

    @Test
    void theLongerWindowRefusesToo() throws Exception {
        defender.limit(
                new FakeDefender.Limit(2, Duration.ofMinutes(1)), new FakeDefender.Limit(3, Duration.ofHours(1)));
        for (int i = 0; i < 3; i++) {
            get("da" + i);
            pass(Duration.ofMinutes(1));
        }

        assertThat(get("da3").headers().firstValue("Retry-After"))
                .contains(Long.toString(Duration.ofMinutes(57).toSeconds()));
    }

    @Test
    void countsWhatCameInWithRefusedCalls() throws Exception {
        defender.limit(new FakeDefender.Limit(1, Duration.ofMinutes(1)));
        get("da1");
        pass(Duration.ofSeconds(59));
        get("da2");
        pass(Duration.ofSeconds(1));
        get("da3");

        assertThat(defender.requests()).isEqualTo(3);
        assertThat(defender.throttled()).isEqualTo(1);
        assertThat(defender.mostWithin(Duration.ofMinutes(1))).isEqualTo(2);
        assertThat(defender.mostWithin(Duration.ofMinutes(2))).isEqualTo(3);
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private HttpResponse<String> get(String alertId) throws Exception {
        URI uri = defender.url().resolve("/api/alerts/" + alertId + "/user");
        return client.send(
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer token")
                        .build(),
                BodyHandlers.ofString());
    }
}
