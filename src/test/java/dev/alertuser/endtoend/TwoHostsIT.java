package dev.alertuser.endtoend;

import static dev.alertuser.endtoend.RunningApp.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.localkit.fake.FakeDefender;
import dev.alertuser.localkit.fake.FakeDefender.Limit;
import dev.alertuser.localkit.fake.FakeDefenderAnswer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two hosts with one storage account, as the platform runs them: one for HTTP, the other one also for the queues. They share all but memory. */
@Timeout(120)
class TwoHostsIT {
    private static final int PERMITS = 20;
    private static final Duration WINDOW = Duration.ofSeconds(2);

    private static RunningApp web;
    private static RunningApp worker;

    private final String alertId = "da" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        worker = RunningApp.startInMemory(
                "two-hosts-worker",
                Map.of(
                        "RATE_LIMITS", PERMITS + "/PT2S,2000/PT60S",
                        "RATE_LIMIT_MARGIN", "PT0.5S",
                        "RATE_LIMIT_INTERACTIVE_RESERVE", "0,0"));
        worker.defender.limit(new Limit(PERMITS, WINDOW), new Limit(2000, Duration.ofSeconds(60)));
        web = worker.another(
                "two-hosts-web",
                Map.of(
                        "AzureWebJobs.AlertUserRequests.Disabled", "true",
                        "AzureWebJobs.AlertUserPoison.Disabled", "true"));
    }

    @AfterAll
    static void stop() {
        web.close();
        worker.close();
    }

    @Test
    void aPauseThatOneMeetsStopsTheOther() throws Exception {
        assertThat(worker.user(alertId + "-1").statusCode()).isEqualTo(200);
        worker.defender.answerNextFor(alertId, FakeDefenderAnswer.throttled(3));

        assertThat(web.user(alertId).statusCode()).isEqualTo(429);

        // The other one is asked at once: a later write of the one that was refused must not be what tells it.
        HttpResponse<String> paused = worker.get("/api/alerts/" + alertId + "-2/user?wait=0");
        assertThat(paused.statusCode()).isEqualTo(429);
        assertThat(json(paused).at("/error/code").textValue()).isEqualTo("DefenderThrottled");
        assertThat(worker.callsFor(alertId + "-2")).isZero();
        assertThat(worker.user(alertId + "-3").statusCode()).isEqualTo(200);
        List<FakeDefender.Received> last = calls(alertId);
        assertThat(Duration.between(
                        last.get(last.size() - 2).arrival(),
                        last.get(last.size() - 1).arrival()))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void bothShareOneBudgetAndUseItUp() throws Exception {
        int each = 2 * PERMITS;
        List<String> asked =
                IntStream.range(0, each).mapToObj(i -> alertId + "-web-" + i).toList();
        CompletableFuture<HttpResponse<String>> batch = CompletableFuture.supplyAsync(() -> post(asked));
        for (int i = 0; i < each; i++) {
            worker.enqueue(alertId + "-queue-" + i);
        }

        List<JsonNode> results = worker.awaitResults(each, Duration.ofSeconds(60));

        assertThat(results).allMatch(result -> result.get("outcome").textValue().equals("found"));
        assertThat(json(batch.join()).at("/summary/found").intValue()).isEqualTo(each);
        assertThat(calls(alertId)).hasSize(2 * each).allMatch(call -> call.status() == 200);
        assertThat(calls(alertId).stream()
                        .limit(each)
                        .map(call -> call.alertId().replaceAll(".*-(\\w+)-\\d+", "$1")))
                .as("who called while both waited")
                .contains("web", "queue");
        assertThat(worker.defender.mostWithin(WINDOW)).isBetween(PERMITS * 3 / 4, PERMITS);
    }

    private HttpResponse<String> post(List<String> ids) {
        try {
            String body = ids.stream().collect(Collectors.joining("\",\"", "[\"", "\"]"));
            return web.post("/api/alerts/users?wait=60", body);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anAnswerThatOneGotIsGivenByTheOther() throws Exception {
        HttpResponse<String> asked = web.user(alertId);
        web.awaitCached(alertId);

        for (RunningApp host : List.of(web, worker)) {
            HttpResponse<String> kept = host.user(alertId);
            assertThat(kept.body()).isEqualTo(asked.body());
            assertThat(kept.headers().firstValue("Age")).isPresent();
        }
        worker.enqueue(alertId);
        assertThat(worker.awaitResultOf(alertId).get("source").textValue()).isEqualTo("kept");
        assertThat(worker.callsFor(alertId)).isOne();
    }

    @Test
    void aLookupThatOneMadeIsFinishedByTheOther() throws Exception {
        worker.defender.answerNextFor(
                alertId, FakeDefenderAnswer.error(503, "x", "x").with("Retry-After", "1"));
        HttpResponse<String> pending = web.user(alertId, "Prefer", "respond-async");
        assertThat(pending.statusCode()).isEqualTo(202);

        HttpResponse<String> settled = worker.comeBackUntilSettled(pending, Duration.ofSeconds(30));

        assertThat(settled.statusCode()).isEqualTo(200);
        assertThat(web.comeBack(pending, "").body()).isEqualTo(settled.body());
        assertThat(worker.callsFor(alertId)).isEqualTo(2);
    }

    private static List<FakeDefender.Received> calls(String prefix) {
        Stream<FakeDefender.Received> all = worker.defender.received().stream();
        return all.filter(call -> call.alertId().startsWith(prefix)).toList();
    }
}
