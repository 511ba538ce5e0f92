package dev.alertuser.endtoend;

import static dev.alertuser.endtoend.RunningApp.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alertuser.localkit.fake.FakeDefender;
import java.io.IOException;
import java.text.NumberFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * 50 HTTP callers and 2 000 queued requests on a compressed budget: page, JSON, log lines and Defender's own count agree to the permit. The
 * longest window outlasts the test, so that nothing that was counted leaves it.
 */
@Tag("load")
class BudgetLoadIT {
    private static final int CALLERS = 50;
    private static final int CALLS_EACH = 4;
    private static final int QUEUED = 2_000;
    private static final int SHORT = 600;
    /** The backlog is spread evenly over the longest window, so a longer one only slows the test down. */
    private static final Duration LONGEST = Duration.ofMinutes(4);

    private final String prefix = "da" + UUID.randomUUID() + "-";

    @Test
    void allWhoCountAgreeToThePermit() throws Exception {
        long start = System.nanoTime();
        try (RunningApp app = RunningApp.startInMemory(
                "load",
                Map.of(
                        "RATE_LIMITS", SHORT + "/PT3S,10000/" + LONGEST,
                        "RATE_LIMIT_MARGIN", "PT10S",
                        "RATE_LIMIT_INTERACTIVE_RESERVE", "100,500"))) {
            // All but what a machine that is busy with much else needs between a permit and its call.
            Duration tight = Duration.ofSeconds(11);
            app.defender.limit(new FakeDefender.Limit(SHORT, tight), new FakeDefender.Limit(10_000, LONGEST));

            List<Integer> statuses = load(app);
            List<JsonNode> results = awaitDistinctResults(app);

            assertThat(statuses).hasSize(CALLERS * CALLS_EACH).containsOnly(200);
            assertThat(results)
                    .allMatch(result -> "found".equals(result.get("outcome").textValue()));
            assertThat(app.defender.throttled()).isZero();
            assertThat(app.defender.mostWithin(tight))
                    .as("calls, so that the limit was felt")
                    .isGreaterThan(SHORT / 2);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("nothing has left the window")
                    .isLessThan(LONGEST);
            assertAgreement(app);
        }
    }

    /** Delivery is at-least-once: where storage answers late, a result is sent once more. */
    private static List<JsonNode> awaitDistinctResults(RunningApp app) throws Exception {
        Map<String, JsonNode> results = new HashMap<>();
        while (results.size() < QUEUED) {
            for (JsonNode result : app.awaitResults(QUEUED - results.size(), Duration.ofMinutes(5))) {
                results.put(result.get("alertId").textValue(), result);
            }
        }
        return List.copyOf(results.values());
    }

    private List<Integer> load(RunningApp app) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS + 8);
        try {
            List<Callable<Integer>> senders = IntStream.range(0, 8)
                    .<Callable<Integer>>mapToObj(sender -> () -> {
                        for (int i = sender; i < QUEUED; i += 8) {
                            app.enqueue(prefix + "queue-" + i);
                        }
                        return 0;
                    })
                    .toList();
            List<Future<Integer>> sending = new ArrayList<>();
            senders.forEach(sender -> sending.add(threads.submit(sender)));
            List<Future<List<Integer>>> calling = IntStream.range(0, CALLERS)
                    .mapToObj(caller -> threads.submit(() -> calls(app, caller)))
                    .toList();
            List<Integer> statuses = new ArrayList<>();
            for (Future<List<Integer>> caller : calling) {
                statuses.addAll(caller.get());
            }
            for (Future<Integer> sender : sending) {
                sender.get();
            }
            return statuses;
        } finally {
            threads.shutdownNow();
        }
    }

    private List<Integer> calls(RunningApp app, int caller) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < CALLS_EACH; i++) {
            statuses.add(
                    app.user(prefix + caller + "-" + i, "Prefer", "wait=90").statusCode());
        }
        return statuses;
    }

    private static void assertAgreement(RunningApp app) throws Exception {
        JsonNode budget = json(app.get("/api/budget"));
        Lines http = Lines.of(app, "AlertUser");
        Lines queue = Lines.of(app, "AlertUserRequests");
        // A queued call leaves its line after its result was sent.
        for (int i = 0; i < 100 && http.calls() + queue.calls() < app.defender.requests(); i++) {
            Thread.sleep(100);
            queue = Lines.of(app, "AlertUserRequests");
        }
        int interactive = budget.at("/windows/1/used/interactive").intValue();
        int backlog = budget.at("/windows/1/used/backlog").intValue();

        assertThat(http.calls() + queue.calls()).as("calls").isEqualTo(app.defender.requests());
        assertThat(app.defender.requests()).isEqualTo(CALLERS * CALLS_EACH + QUEUED);
        assertThat(interactive).as("interactive permits").isEqualTo(http.permits());
        assertThat(backlog).as("permits of the queue").isEqualTo(queue.permits());
        assertThat(sum(budget, "interactive")).isEqualTo(interactive);
        assertThat(sum(budget, "backlog")).isEqualTo(backlog);
        // Last, since a machine without a browser ends the test here.
        Browser.assumeInstalled();
        try (Browser browser = Browser.start()) {
            browser.resize(1120, 900);
            browser.open(app.url("/api/budget?code=" + RunningApp.KEY));
            browser.await(
                    "#chart-text",
                    text(interactive) + " by interactive callers and " + text(backlog) + " by the queue\\..*");
            browser.screenshot("budget-after-load", 1120);
        }
    }

    private static String text(int number) {
        return NumberFormat.getInstance(Locale.UK).format(number);
    }

    private static int sum(JsonNode budget, String priority) {
        int sum = 0;
        for (JsonNode step : budget.at("/history/steps")) {
            sum += step.get(priority).intValue();
        }
        return sum;
    }

    /** What the log lines of one function tell. */
    private record Lines(int permits, int calls) {
        static Lines of(RunningApp app, String entry) throws IOException {
            int permits = 0;
            int calls = 0;
            for (String line : app.log().lines().toList()) {
                int begin = line.indexOf("{\"event\":\"call\",\"entry\":\"" + entry + "\"");
                if (begin >= 0) {
                    JsonNode call = new ObjectMapper().readTree(line.substring(begin));
                    permits += call.path("permits").intValue();
                    calls += call.has("defenderMs") ? 1 : 0;
                }
            }
            return new Lines(permits, calls);
        }
    }
}
