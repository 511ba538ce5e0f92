package dev.alertuser.localkit.fake;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FakeDefenderTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final HttpClient client = HttpClient.newHttpClient();
    private Instant now = NOON;
    private final FakeDefender defender = FakeDefender.start(0, () -> now);

    @AfterEach
    void close() {
        defender.close();
    }

    @Test
    void showsUsersOnlyTheDeviceGroupsThatTheyMaySee() throws Exception {
        assertThat(get("da1", of(FakeUser.BOB, FakeDefender.ROLE)).statusCode()).isEqualTo(200);
        assertThat(get("server_1", of(FakeUser.BOB, FakeDefender.ROLE)).statusCode())
                .isEqualTo(403);
        assertThat(get("server_1", of(FakeUser.ADA, FakeDefender.ROLE)).statusCode())
                .isEqualTo(200);
        assertThat(get("da1", of(FakeUser.CY, FakeDefender.ROLE)).statusCode()).isEqualTo(403);
        assertThat(get("da1", of(FakeUser.ADA, "Alert.Read")).statusCode()).isEqualTo(403);
    }

    private static String of(FakeUser user, String scope) {
        return new FakeToken(FakeDefender.AUDIENCE, List.of(scope), user, FakeToken.TENANT, NOON.plusSeconds(60))
                .signed();
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

    static Stream<Arguments> badTokens() {
        FakeToken good = FakeToken.good();
        String foreign = good.signed();
        return Stream.of(
                Arguments.of("no token", ""),
                Arguments.of("no JWT", "token"),
                Arguments.of("signed by somebody else", foreign.substring(0, foreign.lastIndexOf('.')) + ".x"),
                Arguments.of("for Graph", new FakeToken(FakeIdentity.GRAPH, good.roles(), good.expiry()).signed()),
                Arguments.of("expired", new FakeToken(good.audience(), good.roles(), NOON).signed()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badTokens")
    void answers401ToABadTokenWhateverIsScripted(String what, String token) throws Exception {
        defender.limit(new FakeDefender.Limit(1, Duration.ofMinutes(1)));
        defender.answerNext(FakeDefenderAnswer.user("{\"id\":\"scripted\"}"));

        assertThat(get("da1", token).statusCode()).as(what).isEqualTo(401);
        assertThat(get("da1").body())
                .as("neither the script nor a permit is used up")
                .contains("scripted");
        assertThat(defender.received())
                .extracting(FakeDefender.Received::status)
                .containsExactly(401, 200);
    }

    @Test
    void answers403WithoutTheRoleAndCountsTheCall() throws Exception {
        defender.limit(new FakeDefender.Limit(1, Duration.ofMinutes(1)));
        String roleless =
                new FakeToken(FakeDefender.AUDIENCE, List.of("Alert.Read.All"), NOON.plusSeconds(60)).signed();

        HttpResponse<String> answer = get("da1", roleless);

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("API required roles: User.Read.All, application roles: Alert.Read.All.");
        assertThat(get("da1").statusCode()).isEqualTo(429);
    }

    @Test
    void takesTheTokensOfAnotherCloudWhenItStandsForThat() throws Exception {
        String gov = "https://api-gov.securitycenter.microsoft.us";
        defender.audience(gov);

        assertThat(get("da1", new FakeToken(gov, List.of(FakeDefender.ROLE), NOON.plusSeconds(60)).signed())
                        .statusCode())
                .isEqualTo(200);
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
    void aScriptedAnswerSpendsQuotaLikeAnyOther() throws Exception {
        defender.limit(new FakeDefender.Limit(2, Duration.ofMinutes(1)));
        defender.answerNext(
                FakeDefenderAnswer.html(503), FakeDefenderAnswer.throttled(1), FakeDefenderAnswer.notFound("da1"));

        assertThat(List.of(status("da1"), status("da1"), status("da1"), status("da1")))
                .as("a 429 is a refusal, which counts only when it is told to")
                .containsExactly(503, 429, 404, 429);
    }

    @Test
    void countsRefusedCallsWhenItIsToldTo() throws Exception {
        defender.countRefused(true);
        defender.limit(new FakeDefender.Limit(1, Duration.ofMinutes(1)));
        get("da1");
        pass(Duration.ofSeconds(40));

        HttpResponse<String> refused = get("da1");

        assertThat(refused.headers().firstValue("Retry-After")).contains("60");
        pass(Duration.ofSeconds(59));
        assertThat(status("da1")).isEqualTo(429);
        pass(Duration.ofSeconds(60));
        assertThat(status("da1")).isEqualTo(200);
    }

    @Test
    void othersSpendTheSameQuota() throws Exception {
        defender.limit(new FakeDefender.Limit(3, Duration.ofMinutes(1)));
        defender.spendElsewhere(2);

        assertThat(List.of(status("da1"), status("da1"))).containsExactly(200, 429);
        assertThat(defender.requests())
                .as("what others sent is not received here")
                .isEqualTo(2);
    }

    @Test
    void answersAfterItsLatency() throws Exception {
        defender.latency(Duration.ofMillis(50));
        long start = System.nanoTime();

        get("da1");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
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

    private int status(String alertId) throws Exception {
        return get(alertId).statusCode();
    }

    private HttpResponse<String> get(String alertId) throws Exception {
        return get(
                alertId,
                new FakeToken(FakeDefender.AUDIENCE, List.of(FakeDefender.ROLE), now.plusSeconds(60)).signed());
    }

    private HttpResponse<String> get(String alertId, String token) throws Exception {
        URI uri = defender.url().resolve("/api/alerts/" + alertId + "/user");
        return client.send(
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer " + token)
                        .build(),
                BodyHandlers.ofString());
    }
}
