package dev.alertuser.endtoend;

import static dev.alertuser.endtoend.RunningApp.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.endtoend.RetryAfter.Timed;
import dev.alertuser.localkit.fake.FakeDefender;
import dev.alertuser.localkit.fake.FakeDefenderAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /api/alerts/users}. */
class BatchEndToEndIT {
    private static RunningApp app;

    private final String alertId = "da" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        app = RunningApp.start("batch", Map.of("RATE_LIMITS", "1000/PT1M,1500/PT1H"));
        app.defender.limit();
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void answersInTheOrderOfTheIdsWithEachAccountOnce() throws Exception {
        String user = "{\"id\":\"contoso\\\\user1\",\"accountSid\":\"S-1-5-21-1-2-3-4\"}";
        app.defender.answerNextFor(alertId + "-1", FakeDefenderAnswer.user(user).after(Duration.ofSeconds(1)));
        app.defender.answerNextFor(alertId + "-3", FakeDefenderAnswer.user(user));
        app.defender.answerNextFor(alertId + "-4", FakeDefenderAnswer.user("{\"id\":\"nt authority\\\\system\"}"));

        JsonNode answer = json(users(ids(alertId + "-1", "missing-" + alertId, alertId + "-3", alertId + "-4")));

        JsonNode first = answer.get("results").get(0);
        assertThat(first.get("alertId").textValue()).isEqualTo(alertId + "-1");
        assertThat(first.get("outcome").textValue()).isEqualTo("found");
        assertThat(first.get("source").textValue()).isEqualTo("defender");
        assertThat(first.get("user").get("id").textValue()).isEqualTo("contoso\\user1");
        assertThat(first.get("account").get("Sid").textValue()).isEqualTo("S-1-5-21-1-2-3-4");
        assertThat(first.get("error").isNull()).isTrue();
        JsonNode missing = answer.get("results").get(1);
        assertThat(missing.get("outcome").textValue()).isEqualTo("notFound");
        assertThat(missing.get("user").isNull()).isTrue();
        assertThat(missing.get("account").isNull()).isTrue();
        assertThat(answer.get("accounts").toString())
                .isEqualTo(
                        "[{\"Type\":\"account\",\"Name\":\"user1\",\"NTDomain\":\"contoso\",\"Sid\":\"S-1-5-21-1-2-3-4\"},"
                                + "{\"Type\":\"account\",\"Name\":\"system\",\"NTDomain\":\"nt authority\",\"builtIn\":true}]");
        assertThat(answer.get("summary").toString())
                .isEqualTo("{\"alerts\":4,\"found\":3,\"notFound\":1,\"deferred\":0,\"failed\":0,"
                        + "\"invalid\":0,\"skipped\":0,\"duplicates\":0}");
    }

    @Test
    void asksOnceForEqualIdsAndNotAtAllForKeptAnswers() throws Exception {
        users(ids(alertId, alertId, " " + alertId + "\\n"));
        JsonNode again = json(users("\"" + alertId + "\""));

        assertThat(again.get("results").get(0).get("source").textValue()).isEqualTo("kept");
        assertThat(app.callsFor(alertId)).isEqualTo(1);
    }

    @Test
    void oneFailureSpoilsNoOther() throws Exception {
        app.defender.answerNextFor(alertId + "-1", FakeDefenderAnswer.error(500, "x", "secret details"));
        app.defender.answerNextFor(alertId + "-2", FakeDefenderAnswer.html(200));

        HttpResponse<String> response = users(ids(alertId + "-1", alertId + "-2", alertId + "-3"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Retry-After")).contains("30");
        assertThat(outcomes(response)).containsExactly("deferred", "failed", "found");
        JsonNode results = json(response).get("results");
        assertThat(results.get(0).get("error").get("code").textValue()).isEqualTo("DefenderUnavailable");
        assertThat(results.get(1).get("error").get("code").textValue()).isEqualTo("DefenderBadAnswer");
        assertThat(response.body()).doesNotContain("secret details");
    }

    @Test
    void aRefusalEndsTheAsking() throws Exception {
        String[] many = IntStream.range(0, 100).mapToObj(i -> alertId + "-" + i).toArray(String[]::new);
        for (String id : many) {
            app.defender.answerNextFor(id, FakeDefenderAnswer.forbidden());
        }

        HttpResponse<String> response = app.post("/api/alerts/users?mode=async", ids(many));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(outcomes(response)).containsOnly("failed");
        assertThat(IntStream.range(0, 100)
                        .mapToLong(i -> app.callsFor(alertId + "-" + i))
                        .sum())
                .isBetween(1L, 16L);
    }

    @Test
    void takesTheBodyOfASentinelTrigger() throws Exception {
        JsonNode answer = json(users(fixture("sentinel-incident")));

        assertThat(answer.get("results")).hasSize(4);
        assertThat(answer.get("summary").get("skipped").intValue()).isEqualTo(2);
    }

    @Test
    void hasNoOutcomesForABodyOfOtherProducts() throws Exception {
        HttpResponse<String> response =
                users("{\"alerts\":[{\"id\":\"a\",\"serviceSource\":\"microsoftDefenderForIdentity\"}]}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .isEqualTo("{\"results\":[],\"accounts\":[],\"summary\":{\"alerts\":0,\"found\":0,\"notFound\":0,"
                        + "\"deferred\":0,\"failed\":0,\"invalid\":0,\"skipped\":1,\"duplicates\":0},\"skipped\":"
                        + "[{\"path\":\"alerts[0].id\",\"alertId\":\"a\",\"reason\":\"otherProduct\",\"message\":"
                        + "\"The alert names another product than Defender for Endpoint.\"}],\"duplicates\":[]}");
    }

    @Test
    void givesAMalformedIdAnOutcomeOfItsOwnAndNamesWhatIsLeftOut() throws Exception {
        JsonNode answer = json(users(ids(alertId, "a/b", "ra638200000000000009_1", alertId)));

        assertThat(answer.at("/results/0/outcome").textValue()).isEqualTo("found");
        JsonNode invalid = answer.at("/results/1");
        assertThat(invalid.get("outcome").textValue()).isEqualTo("invalid");
        assertThat(invalid.get("alertId").isNull()).isTrue();
        assertThat(invalid.at("/error/code").textValue()).isEqualTo("InvalidAlertId");
        assertThat(invalid.at("/error/target").textValue()).isEqualTo("alertIds[1]");
        assertThat(answer.at("/skipped/0/path").textValue()).isEqualTo("alertIds[2]");
        assertThat(answer.at("/skipped/0/alertId").textValue()).isEqualTo("ra638200000000000009_1");
        assertThat(answer.at("/skipped/0/reason").textValue()).isEqualTo("otherProduct");
        assertThat(answer.get("duplicates").toString())
                .isEqualTo("[{\"path\":\"alertIds[3]\",\"alertId\":\"" + alertId + "\"}]");
        assertThat(answer.get("summary").toString())
                .isEqualTo("{\"alerts\":1,\"found\":1,\"notFound\":0,\"deferred\":0,\"failed\":0,"
                        + "\"invalid\":1,\"skipped\":1,\"duplicates\":1}");
    }

    @Test
    void namesWhatWasLeftOutToOneWhoComesBackToo() throws Exception {
        app.defender.answerNextFor(
                alertId, FakeDefenderAnswer.error(503, "x", "x").with("Retry-After", "1"));

        HttpResponse<String> settled = app.comeBackUntilSettled(
                app.post("/api/alerts/users?mode=async", ids(alertId, "a/b", "ra638200000000000009_1")),
                Duration.ofSeconds(30));

        assertThat(outcomes(settled)).containsExactly("found", "invalid");
        assertThat(json(settled).at("/skipped/0/alertId").textValue()).isEqualTo("ra638200000000000009_1");
    }

    @Test
    void hasNoOutcomesForAnIncidentWithoutAlerts() throws Exception {
        HttpResponse<String> response =
                users("{\"objectSchemaType\":\"Incident\",\"object\":{\"properties\":{\"alerts\":[]}}}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).get("results")).isEmpty();
    }

    @Test
    void hintsAtAnIdThatIsProbablyAnothersWhenDefenderDoesNotKnowIt() throws Exception {
        String foreign = UUID.randomUUID().toString();
        app.defender.answerNextFor(foreign, FakeDefenderAnswer.notFound(foreign));

        assertThat(json(users(ids(foreign))).get("results").get(0).get("hint").textValue())
                .startsWith("This id is a bare GUID");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                     | 400 | InvalidRequestBody | the body must be JSON that holds an alert id, as {"alertId":"..."} does, but is empty
            da1_1                  | 400 | InvalidRequestBody | the body must be JSON that holds an alert id, as {"alertId":"..."} does, but is bare text
            {"alertIds":           | 400 | InvalidRequestBody | the body must be JSON but is not valid
            {"hello":"world"}      | 400 | NoAlertId          | no alert id found; looked at alertId, alertIds[*],
            """)
    void says400WithExpectedFoundAndWhere(String body, int status, String code, String message) throws Exception {
        HttpResponse<String> response = users(body);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("x-ms-error-code")).contains(code);
        assertThat(json(response).get("error").get("message").textValue()).startsWith(message);
    }

    @Test
    void takesFiveHundredIdsAndOneMiB() throws Exception {
        String many =
                IntStream.rangeClosed(0, 500).mapToObj(i -> "\"a" + i + "\"").collect(Collectors.joining(","));

        assertThat(users("[" + many + "]").headers().firstValue("x-ms-error-code"))
                .contains("TooManyAlerts");
        HttpResponse<String> tooLarge = users("\"" + "a".repeat(1 << 20) + "\"");
        assertThat(tooLarge.statusCode()).isEqualTo(413);
        assertThat(tooLarge.headers().firstValue("x-ms-error-code")).contains("RequestTooLarge");
    }

    /** In an instance that warmed up: one that did not knows the storage's time only roughly at first, and callers who do not wait pay for it. */
    @Test
    void usesThePermitsThatThereAreAndPutsTheRestOff() throws Exception {
        Map<String, String> fiveInSixSeconds = new HashMap<>(RunningApp.WARM);
        fiveInSixSeconds.putAll(
                Map.of("RATE_LIMITS", "5/PT6S", "RATE_LIMIT_MARGIN", "PT2S", "RATE_LIMIT_INTERACTIVE_RESERVE", "0"));
        String[] twelve =
                IntStream.range(0, 12).mapToObj(i -> alertId + "-" + i).toArray(String[]::new);
        try (RunningApp busy = RunningApp.start("batch-busy", fiveInSixSeconds)) {
            busy.defender.limit(new FakeDefender.Limit(5, Duration.ofSeconds(6)));
            Timed timed = Timed.of(() -> busy.post("/api/alerts/users?wait=0", ids(twelve)));
            HttpResponse<String> part = timed.response();

            assertThat(part.statusCode()).isEqualTo(200);
            assertThat(outcomes(part).stream().filter("found"::equals)).hasSize(5);
            assertThat(outcomes(part).stream().filter("deferred"::equals)).hasSize(7);
            RetryAfter.assertTrue(timed, timed, Duration.ofSeconds(8));

            HttpResponse<String> pending =
                    busy.post("/api/alerts/users", ids(twelve), "Prefer", "respond-async, wait=0");
            assertThat(pending.statusCode()).isEqualTo(202);
            HttpResponse<String> settled = busy.comeBackUntilSettled(pending, Duration.ofSeconds(60));

            assertThat(outcomes(settled)).hasSize(12).containsOnly("found");
            assertThat(busy.defender.requests()).isEqualTo(12);
            assertThat(busy.defender.throttled()).isZero();
        }
    }

    private static HttpResponse<String> users(String body) throws Exception {
        return app.post("/api/alerts/users", body);
    }

    private static String ids(String... ids) {
        return "{\"alertIds\":[\"" + String.join("\",\"", ids) + "\"]}";
    }

    private static List<String> outcomes(HttpResponse<String> response) throws IOException {
        List<String> outcomes = new ArrayList<>();
        json(response)
                .get("results")
                .forEach(result -> outcomes.add(result.get("outcome").textValue()));
        return outcomes;
    }

    private static String fixture(String name) throws IOException {
        try (InputStream in = BatchEndToEndIT.class.getResourceAsStream("/payload/" + name + ".json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
