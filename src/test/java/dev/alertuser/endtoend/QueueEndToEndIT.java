package dev.alertuser.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.Names;
import dev.alertuser.localkit.fake.FakeDefender;
import dev.alertuser.localkit.fake.FakeDefenderAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests through the queue, each of which ends in one result. */
class QueueEndToEndIT {
    private static RunningApp app;

    private final String alertId = "da" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        app = RunningApp.startBehind(
                "queue",
                proxy -> {},
                Map.of("AzureFunctionsJobHost__extensions__queues__visibilityTimeout", "00:00:01"));
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%s",
                "\"%s\"",
                "{\"alertId\":\"%s\",\"correlationId\":\"c-1\"}",
                "{\"specversion\":\"1.0\",\"type\":\"t\",\"source\":\"s\",\"id\":\"c-1\","
                        + "\"data\":{\"alertId\":\"%s\"}}"
            })
    void anyFormOfARequestEndsInAResult(String request) throws Exception {
        app.defender.answerNextFor(
                alertId, FakeDefenderAnswer.user("{\"id\":\"contoso\\\\user1\",\"accountName\":\"user1\"}"));
        app.enqueue(request.formatted(alertId));

        JsonNode result = app.awaitResultOf(alertId);

        assertThat(result.get("alertId").textValue()).isEqualTo(alertId);
        assertThat(result.get("outcome").textValue()).isEqualTo("found");
        assertThat(result.get("user").get("accountName").textValue()).isEqualTo("user1");
        assertThat(result.get("account").get("NTDomain").textValue()).isEqualTo("contoso");
        if (request.contains("c-1")) {
            assertThat(result.get("correlationId").textValue()).isEqualTo("c-1");
        }
    }

    @Test
    void anAlertWithoutAUserEndsAsNotFound() throws Exception {
        app.enqueue("missing-" + alertId);

        assertThat(app.awaitResultOf(alertId).get("outcome").textValue()).isEqualTo("notFound");
    }

    @Test
    void anIdThatDefenderRejectsEndsAsFailedAfterOneCall() throws Exception {
        app.defender.answerNextFor(alertId, FakeDefenderAnswer.error(400, "InvalidInput", "The alert id is invalid."));
        app.enqueue(alertId);
        JsonNode first = app.awaitResultOf(alertId);
        app.enqueue(alertId);
        JsonNode again = app.awaitResultOf(alertId);

        assertThat(first.get("outcome").textValue()).isEqualTo("failed");
        assertThat(first.get("error").get("code").textValue()).isEqualTo("AlertIdRejected");
        assertThat(again.get("outcome").textValue()).isEqualTo("failed");
        assertThat(again.get("source").textValue()).isEqualTo("kept");
        assertThat(app.callsFor(alertId)).isEqualTo(1);
        app.awaitNoPoison();
    }

    @Test
    void aRequestWaitsWhileTheSettingsAreWrong() throws Exception {
        try (RunningApp wrong = RunningApp.start("queue-settings", Map.of("RATE_LIMITS", "hundred"))) {
            wrong.enqueue(alertId);
            for (int i = 0; i < 300 && !wrong.log().contains("AlertUserRequests succeeded"); i++) {
                Thread.sleep(100);
            }
            // The host deletes the message after the function has sent the copy.
            for (int i = 0; i < 100 && wrong.messages(Names.REQUESTS_QUEUE) > 1; i++) {
                Thread.sleep(100);
            }

            assertThat(wrong.messages(Names.REQUESTS_QUEUE)).isEqualTo(1);
            assertThat(wrong.log()).contains("so the request is deferred");
            wrong.awaitNoPoison();
            assertThat(wrong.log()).doesNotContain("hundred");
        }
    }

    @Test
    void aMessageThatIsNoRequestEndsAsInvalidAtOnce() throws Exception {
        String message = "{\"hello\":\"" + alertId + "\"}";
        app.enqueue(message);

        JsonNode result = app.awaitResultOf(alertId);

        assertThat(result.get("outcome").textValue()).isEqualTo("invalid");
        assertThat(result.get("error").get("code").textValue()).isEqualTo("NoAlertId");
        assertThat(result.get("originalMessage").textValue()).isEqualTo(message);
    }

    @Test
    void anOversizeMessageEndsAsInvalid() throws Exception {
        app.enqueue(alertId + "x".repeat(48 * 1024 - alertId.length()));

        assertThat(app.awaitResultOf(alertId).get("outcome").textValue()).isEqualTo("invalid");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"alertId": "%s"}    | found
            %s                   | found
            {"alertId": "no %s"} | invalid
            """)
    void aMessageNeedNotBeBase64(String text, String outcome) throws Exception {
        app.rawQueue(Names.REQUESTS_QUEUE).sendMessage(text.formatted(alertId));

        assertThat(app.awaitResultOf(alertId).get("outcome").textValue()).isEqualTo(outcome);
    }

    @Test
    void aRequestThatFailsFiveTimesEndsAsFailedOnce() throws Exception {
        for (int i = 0; i < 6; i++) {
            app.defender.answerNextFor(alertId, FakeDefenderAnswer.html(200));
        }
        app.enqueue(alertId);

        JsonNode result = app.awaitResultOf(alertId);

        assertThat(result.get("outcome").textValue()).isEqualTo("failed");
        assertThat(result.get("alertId").textValue()).isEqualTo(alertId);
        assertThat(result.get("originalMessage").textValue()).isEqualTo(alertId);
        assertThat(app.callsFor(alertId)).isEqualTo(5);
        app.awaitNoPoison();
        app.enqueue("da-after-" + alertId);
        app.awaitResultOf("da-after-" + alertId);
        assertThat(app.messages(Names.RESULTS_QUEUE)).as("second results").isZero();
    }

    @Test
    void aRequestThatFailsOnceEndsWellAtTheSecondTry() throws Exception {
        app.defender.answerNextFor(alertId, FakeDefenderAnswer.html(200));
        app.enqueue(alertId);

        assertThat(app.awaitResultOf(alertId).get("outcome").textValue()).isEqualTo("found");
    }

    @Test
    void aRefusalIsDeferredAndNeverPoisoned() throws Exception {
        app.defender.answerNextFor(alertId, FakeDefenderAnswer.forbidden());
        app.enqueue(alertId);

        Pattern deferred =
                Pattern.compile("\"outcome\":\"deferred\",\"code\":\"DefenderAccessDenied\",\"alertId\":\"" + alertId);
        // The line comes after the copy was sent; then the original is deleted.
        for (int i = 0;
                i < 300 && !(deferred.matcher(app.log()).find() && app.messages(Names.REQUESTS_QUEUE) == 1);
                i++) {
            Thread.sleep(100);
        }
        assertThat(app.log()).containsPattern(deferred);
        assertThat(app.messages(Names.REQUESTS_QUEUE)).as("copies").isEqualTo(1);
        assertThat(app.queue(Names.REQUESTS_QUEUE).peekMessage()).as("visible").isNull();
        assertThat(app.storageRequests())
                .filteredOn(request -> request.startsWith("POST") && request.contains(Names.REQUESTS_QUEUE))
                .last()
                .extracting(request -> Integer.parseInt(request.replaceAll(".*visibilitytimeout=(\\d+).*", "$1")))
                .as("15 minutes, and up to a quarter more")
                .satisfies(seconds -> assertThat(seconds).isBetween(15 * 60, 15 * 60 * 5 / 4));
        assertThat(app.callsFor(alertId)).isEqualTo(1);
        app.awaitNoPoison();
        assertThat(app.messages(Names.RESULTS_QUEUE)).as("results").isZero();
        app.queue(Names.REQUESTS_QUEUE).clearMessages();
    }

    /** Those before it that have to wait for a permit are put off, and do not keep the function from it. */
    @Test
    void aRequestWhoseAnswerIsCachedPassesSeventyThatWaitForPermits() throws Exception {
        int permits = 15;
        try (RunningApp busy = RunningApp.start(
                "passing",
                Map.of(
                        "RATE_LIMITS", permits + "/PT27S",
                        "RATE_LIMIT_MARGIN", "PT0.5S",
                        "RATE_LIMIT_INTERACTIVE_RESERVE", "0"))) {
            String cached = "da-cached-" + alertId;
            assertThat(busy.user(cached).statusCode()).isEqualTo(200);
            for (int i = 0; busy.user("da-spends-" + i, "Prefer", "wait=0").statusCode() != 429; i++) {
                assertThat(i).as("calls until the budget is spent").isLessThan(permits);
            }
            for (int i = 0; i < 70; i++) {
                busy.enqueue(alertId + "-" + i);
            }
            busy.enqueue(cached);

            List<String> ended = new ArrayList<>();
            while (!ended.contains(cached)) {
                busy.awaitResults(1, Duration.ofMinutes(3))
                        .forEach(result -> ended.add(result.get("alertId").textValue()));
            }

            assertThat(ended.indexOf(cached)).as("others that ended before it").isLessThanOrEqualTo(permits);
            busy.queue(Names.REQUESTS_QUEUE).clearMessages();
        }
    }

    @Test
    void threeHundredRequestsUnderABudgetEndInAsManyResultsWithoutA429() throws Exception {
        try (RunningApp busy = RunningApp.start(
                "backlog",
                Map.of(
                        "RATE_LIMITS", "100/PT6S,1500/PT90S",
                        "RATE_LIMIT_MARGIN", "PT0.5S",
                        "RATE_LIMIT_INTERACTIVE_RESERVE", "0,0"))) {
            busy.defender.limit(
                    new FakeDefender.Limit(100, Duration.ofSeconds(6)),
                    new FakeDefender.Limit(1500, Duration.ofSeconds(90)));
            for (int i = 0; i < 300; i++) {
                busy.enqueue(alertId + "-" + i);
            }

            List<JsonNode> results = busy.awaitResults(300, Duration.ofMinutes(3));

            assertThat(results.stream().map(r -> r.get("alertId").textValue()).collect(Collectors.toSet()))
                    .hasSize(300);
            assertThat(results).allMatch(r -> r.get("outcome").textValue().equals("found"));
            assertThat(busy.defender.throttled()).isZero();
            assertThat(busy.defender.requests()).isEqualTo(300);
            busy.awaitNoPoison();
        }
    }
}
