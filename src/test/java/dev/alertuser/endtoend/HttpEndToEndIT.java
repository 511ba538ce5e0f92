package dev.alertuser.endtoend;

import static dev.alertuser.endtoend.RunningApp.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.localkit.fake.FakeDefender;
import dev.alertuser.localkit.fake.FakeDefenderAnswer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code GET /api/alerts/{id}/user}: answers, headers and every error that does not depend on the state of the budget. */
class HttpEndToEndIT {
    private static RunningApp app;

    private final String alertId = "da" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        app = RunningApp.start("http", Map.of());
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void answersWithDefendersBodyUnchanged() throws Exception {
        String body = "{ \"id\" : \"contoso\\\\user1\", \"unknown\" : [1,  2], \"accountSid\" : null }";
        app.defender.answerNextFor(alertId, FakeDefenderAnswer.user(body));

        HttpResponse<String> response = app.user(alertId);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(body);
        assertHeader(response, "Content-Type", "application/json; charset=utf-8");
        assertHeader(response, "Cache-Control", "private, max-age=900");
        assertHeader(response, "X-Content-Type-Options", "nosniff");
        assertHeader(response, "RateLimit-Policy", "\"minute\";q=100;w=60, \"hour\";q=1500;w=3600");
        assertThat(header(response, "RateLimit"))
                .matches("\"minute\";r=\\d{1,2};t=\\d{1,2}, \"hour\";r=1\\d{3};t=3\\d{3}");
        assertThat(header(response, "ETag")).matches("\"[0-9a-f]{32}\"");
        assertThat(header(response, "x-ms-request-id")).matches("[0-9a-f-]{36}");
        assertThat(response.headers().firstValue("Age")).isEmpty();
    }

    @Test
    void knowsTheSeed() throws Exception {
        assertThat(json(app.user(FakeDefender.SEED_ALERT)).get("accountName").textValue())
                .isEqualTo("user1");
    }

    @Test
    void answersTheSameQuestionFromWhatItKept() throws Exception {
        String first = app.user(alertId).body();
        HttpResponse<String> second = app.user(alertId);

        assertThat(second.body()).isEqualTo(first);
        assertThat(header(second, "Age")).matches("\\d+");
        assertThat(callsFor(alertId)).isEqualTo(1);
    }

    @Test
    void asksDefenderAgainForNoCache() throws Exception {
        app.user(alertId);
        HttpResponse<String> fresh = app.user(alertId, "Cache-Control", "no-cache");

        assertThat(fresh.headers().firstValue("Age")).isEmpty();
        assertThat(callsFor(alertId)).isEqualTo(2);
    }

    @Test
    void answers304ToOneWhoHasTheAnswer() throws Exception {
        String eTag = header(app.user(alertId), "ETag");

        HttpResponse<String> response = app.user(alertId, "If-None-Match", "\"other\", W/" + eTag);

        assertThat(response.statusCode()).isEqualTo(304);
        assertThat(response.body()).isEmpty();
        assertHeader(response, "ETag", eTag);
    }

    @Test
    void passesTheCallersIdsOn() throws Exception {
        String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        HttpResponse<String> response =
                app.user(alertId, "x-ms-client-request-id", "my-run-17", "traceparent", traceparent);

        assertHeader(response, "x-ms-client-request-id", "my-run-17");
        FakeDefender.Received call = app.defender.received().stream()
                .filter(received -> received.alertId().equals(alertId))
                .findFirst()
                .orElseThrow();
        assertThat(call.clientRequestId()).contains("my-run-17");
        assertThat(call.traceparent()).contains(traceparent);
    }

    @Test
    void fiftyConcurrentLookupsOfOneAlertCostOneCall() throws Exception {
        app.defender.answerNextFor(
                alertId, FakeDefenderAnswer.user("{\"id\":\"a\"}").after(Duration.ofSeconds(1)));
        Thread[] callers = new Thread[50];
        int[] statuses = new int[callers.length];
        for (int i = 0; i < callers.length; i++) {
            int caller = i;
            callers[i] = new Thread(() -> {
                try {
                    statuses[caller] = app.user(alertId).statusCode();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            callers[i].start();
        }
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(statuses).containsOnly(200);
        assertThat(callsFor(alertId)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /api/alerts/a%2Fb/user      | InvalidAlertId    | alert id may hold only A-Z a-z 0-9 _ - but character 2 is '%'
            /api/alerts/a%20b/user      | InvalidAlertId    | alert id may hold only A-Z a-z 0-9 _ - but character 2 is U+0020
            /api/alerts/%C3%A9/user     | InvalidAlertId    | alert id may hold only A-Z a-z 0-9 _ - but character 1 is U+00E9
            /api/alerts/%20/user        | InvalidAlertId    | alert id must have 1 to 128 characters but has 0
            /api/alerts/a1/user?wait=x  | InvalidPreference | the query parameter wait must be whole seconds, as in wait=20, but was 'x'
            /api/alerts/a1/user?wait=-1 | InvalidPreference | the query parameter wait must be whole seconds, as in wait=20, but was '-1'
            """)
    void says400WithExpectedFoundAndWhere(String path, String code, String message) throws Exception {
        int calls = app.defender.requests();

        HttpResponse<String> response = app.get(path);

        assertError(response, 400, code);
        assertThat(json(response).get("error").get("message").textValue()).isEqualTo(message);
        assertThat(response.headers().firstValue("Retry-After")).isEmpty();
        assertThat(app.defender.requests()).isEqualTo(calls);
    }

    @Test
    void refusesAnIdOf129Characters() throws Exception {
        assertError(app.user("a".repeat(129)), 400, "InvalidAlertId");
    }

    @Test
    void trimsTheLineBreakThatPlaybooksLeave() throws Exception {
        assertThat(app.user(alertId + "%0A").statusCode()).isEqualTo(200);
        assertThat(callsFor(alertId)).isEqualTo(1);
    }

    @Test
    void answers404AsDefenderDoes() throws Exception {
        HttpResponse<String> response = app.user("missing-" + alertId);

        assertError(response, 404, "AlertOrUserNotFound");
        assertThat(header(response, "x-ms-correlation-request-id"))
                .isEqualTo(json(response).get("error").get("target").textValue());
        assertThat(response.headers().firstValue("Retry-After")).isEmpty();
    }

    @Test
    void answers404WhenDefenderKnowsTheAlertButNoUser() throws Exception {
        app.defender.answerNextFor(alertId, FakeDefenderAnswer.of(200, "{}"));

        assertError(app.user(alertId), 404, "AlertOrUserNotFound");
    }

    @Test
    void hintsAtAnIdOfAnotherProduct() throws Exception {
        String foreign = UUID.randomUUID().toString();
        app.defender.answerNextFor(foreign, FakeDefenderAnswer.notFound(foreign));

        assertThat(json(app.user(foreign)).get("error").get("message").textValue())
                .contains("GUID");
    }

    @Test
    void namesTheRoleWhenDefenderRefuses() throws Exception {
        app.defender.answerNextFor(alertId, FakeDefenderAnswer.forbidden());

        HttpResponse<String> response = app.user(alertId);

        assertError(response, 502, "DefenderAccessDenied");
        assertHeader(response, "Retry-After", "300");
        assertThat(json(response).get("error").get("message").textValue())
                .contains("User.Read.All", "WindowsDefenderATP", "Microsoft Graph", "24 h");
    }

    @Test
    void handsOnThatDefenderDoesNotTakeTheIdAndAsksOnce() throws Exception {
        app.defender.answerNextFor(alertId, FakeDefenderAnswer.error(400, "InvalidInput", "secret details"));

        HttpResponse<String> response = app.user(alertId);
        HttpResponse<String> again = app.user(alertId);

        assertError(response, 400, "AlertIdRejected");
        assertThat(response.headers().firstValue("Retry-After")).isEmpty();
        assertThat(header(response, "x-ms-correlation-request-id")).isNotEmpty();
        assertThat(response.body()).doesNotContain("secret details");
        assertError(again, 400, "AlertIdRejected");
        assertThat(callsFor(alertId)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "401, 502, DefenderAccessDenied, 300",
        "500, 503, DefenderUnavailable, 30",
        "418, 502, DefenderBadAnswer, 30"
    })
    void tellsWhoFailed(int defender, int status, String code, String retryAfter) throws Exception {
        app.defender.answerNextFor(alertId, FakeDefenderAnswer.error(defender, "Whatever", "secret details"));

        HttpResponse<String> response = app.user(alertId);

        assertError(response, status, code);
        assertHeader(response, "Retry-After", retryAfter);
        assertThat(response.body()).doesNotContain("secret details");
    }

    @Test
    void answers502ToAnAnswerThatIsNoJson() throws Exception {
        app.defender.answerNextFor(alertId, FakeDefenderAnswer.html(200));

        assertError(app.user(alertId), 502, "DefenderBadAnswer");
    }

    @Test
    void answers503ToALostConnectionAndAsksOnlyOnce() throws Exception {
        app.defender.answerNextFor(alertId, FakeDefenderAnswer.dropped());

        assertError(app.user(alertId), 503, "DefenderUnavailable");
        assertThat(callsFor(alertId)).isEqualTo(1);
    }

    @Test
    void answers504WhenDefenderTakesTooLong() throws Exception {
        Duration late = Duration.ofSeconds(14);
        app.defender.answerNextFor(
                alertId, FakeDefenderAnswer.user("{\"id\":\"a\"}").after(late));

        long start = System.nanoTime();
        HttpResponse<String> response = app.user(alertId);

        assertError(response, 504, "DefenderTimeout");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("when the answer was given up")
                .isBetween(Duration.ofSeconds(10), late);
        assertHeader(response, "Retry-After", "30");
    }

    @Test
    void answersAProblemToOneWhoAsksForProblems() throws Exception {
        HttpResponse<String> response = app.user("missing-" + alertId, "Accept", "application/problem+json");

        assertHeader(response, "Content-Type", "application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.get("code").textValue()).isEqualTo("AlertOrUserNotFound");
        assertThat(problem.get("status").intValue()).isEqualTo(404);
        assertThat(problem.get("title").textValue()).isEqualTo("Defender knows no such alert, or no user for it");
        assertHeader(response, "x-ms-error-code", "AlertOrUserNotFound");
    }

    @Test
    void logsNothingPersonal() throws Exception {
        app.defender.answerNextFor(
                alertId,
                FakeDefenderAnswer.user(
                        "{\"id\":\"corp\\\\jane.roe\",\"accountName\":\"jane.roe\",\"accountSid\":\"S-1-5-21-7-7-7-7\"}"));
        app.user(alertId);

        assertThat(app.log())
                .contains(alertId)
                .doesNotContain("jane.roe", "S-1-5-21-7", "Bearer", "eyJ", RunningApp.KEY);
    }

    private static long callsFor(String alertId) {
        return app.defender.received().stream()
                .filter(received -> received.alertId().equals(alertId))
                .count();
    }

    private static void assertError(HttpResponse<String> response, int status, String code) throws Exception {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).get("error").get("code").textValue()).isEqualTo(code);
        assertHeader(response, "x-ms-error-code", code);
        assertHeader(response, "Cache-Control", "no-store");
        assertHeader(response, "Content-Type", "application/json; charset=utf-8");
        assertThat(header(response, "x-ms-request-id")).isNotEmpty();
    }

    private static void assertHeader(HttpResponse<String> response, String name, String value) {
        assertThat(response.headers().firstValue(name)).as(name).contains(value);
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElseThrow(() -> new AssertionError("no header " + name));
    }
}
