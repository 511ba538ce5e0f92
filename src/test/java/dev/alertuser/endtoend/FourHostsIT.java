package dev.alertuser.endtoend;

import static dev.alertuser.endtoend.RunningApp.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.endtoend.LogicAppsHttpAction.Run;
import dev.alertuser.localkit.fake.FakeDefender.Limit;
import dev.alertuser.localkit.fake.FakeDefender.Received;
import dev.alertuser.ratelimit.LineReport;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Four hosts with one storage account and one budget, all of it spent, and callers that come back when they are told, each time to any of the
 * hosts. Time is compressed: the hour lasts 12 seconds, and was spent evenly, so that the permits come back one by one.
 */
@Timeout(180)
class FourHostsIT {
    private static final int HOSTS = 4;
    private static final int CALLERS = 90;
    private static final int PERMITS = 100;
    private static final Duration HOUR = Duration.ofSeconds(12);

    /** Milliseconds within which the budget is spent, and then the callers come: in all less than the hour and its margin. */
    private static final int SPENDING = 8_000;

    private static final int ARRIVALS = 3_000;

    /** Alerts of one request that spends: few, so that the budget is spent evenly. */
    private static final int BATCH = 5;

    private static final long SECOND = 1_000;

    /** Milliseconds between two permits. */
    private static final long PERMIT_TIME = HOUR.toMillis() / PERMITS;

    /** A {@code Retry-After} is in whole seconds, so callers whose turns are in the same second may come back in any order. */
    private static final long BY_MORE = PERMIT_TIME + SECOND;

    private static RunningApp first;
    private static List<RunningApp> hosts;

    private final String prefix = "da" + UUID.randomUUID() + "-";
    private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);

    @BeforeAll
    static void start() {
        Map<String, String> settings = new HashMap<>(RunningApp.WARM);
        settings.putAll(Map.of(
                "RATE_LIMITS", CALLERS + "/PT2S," + PERMITS + "/" + HOUR,
                "RATE_LIMIT_INTERACTIVE_RESERVE", "0,0",
                "AzureWebJobs.AlertUserRequests.Disabled", "true",
                "AzureWebJobs.AlertUserPoison.Disabled", "true"));
        first = RunningApp.startInMemory("four-hosts-0", settings);
        first.defender.limit(new Limit(CALLERS, Duration.ofSeconds(2)), new Limit(PERMITS, HOUR));
        hosts = new ArrayList<>(List.of(first));
        for (int i = 1; i < HOSTS; i++) {
            hosts.add(first.another("four-hosts-" + i, Map.of()));
        }
    }

    @AfterAll
    static void stop() {
        for (int i = hosts.size() - 1; i >= 0; i--) {
            hosts.get(i).close();
        }
    }

    /** One after the other: a burst would come back as one, too. */
    @BeforeEach
    void spendTheHour() throws Exception {
        awaitWholeBudget();
        List<Future<HttpResponse<String>>> batches = new ArrayList<>();
        for (int i = 0; i < PERMITS; i += BATCH) {
            String body = IntStream.range(i, i + BATCH)
                    .mapToObj(alert -> "\"other-" + prefix + alert + "\"")
                    .collect(Collectors.joining(",", "[", "]"));
            batches.add(threads.submit(() -> any().post("/api/alerts/users?wait=60", body)));
            Thread.sleep(SPENDING * BATCH / PERMITS);
        }
        assertThat(results(batches)).allMatch(response -> response.statusCode() == 200);
    }

    /** What the test before has used counts no more. */
    private static void awaitWholeBudget() throws Exception {
        while (used(json(first.get("/api/budget"))) > 0) {
            Thread.sleep(200);
        }
    }

    private static int used(JsonNode budget) {
        return budget.at("/windows/1/used/interactive").intValue();
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
        assertThat(first.defender.throttled()).isZero();
    }

    @Test
    void whoComesBackWhenToldIsServedInItsTurn() throws Exception {
        List<Future<Asked>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            String alertId = prefix + i;
            callers.add(threads.submit(() -> ask(alertId)));
            Thread.sleep(ARRIVALS / CALLERS);
        }
        List<Served> served = served(results(callers));

        LineReport report = report(served, BY_MORE);
        long longest =
                served.stream().mapToLong(Served::millisAfterReturn).max().orElseThrow();
        System.out.printf(
                "Four hosts: %s by more than a permit's time and a second, %.1f %% by more than a permit's time;"
                        + " served at most %d ms after they came back%n",
                report, 100 * report(served, PERMIT_TIME).overtaken(), longest);
        assertThat(report.pairs()).as("of callers that met a spent budget").isPositive();
        assertThat(report.visits()).isLessThanOrEqualTo(2.2);
        assertThat(report.mostVisits()).isLessThanOrEqualTo(4);
        assertThat(report.overtaken()).isLessThanOrEqualTo(0.02);
        assertThat(longest).isLessThanOrEqualTo(5 * SECOND);
    }

    /**
     * What a caller saw until its answer, by this machine's clock.
     *
     * @param returned when it came back for the first time; 0 if it never had to
     */
    private record Asked(String alertId, long asked, long told, long returned, int visits) {}

    /** @param at when Defender was asked */
    private record Served(Asked caller, long at) {
        private long millisAfterReturn() {
            return caller.returned() == 0 ? 0 : at - caller.returned();
        }
    }

    /** Asks until there is an answer. Does not wait in the host: a turn is there when its time comes, or the caller has to come once more. */
    private static Asked ask(String alertId) throws Exception {
        long asked = System.currentTimeMillis();
        HttpResponse<String> response = any().get(path(alertId));
        long told = System.currentTimeMillis();
        long returned = 0;
        int visits = 1;
        while (response.statusCode() == 429) {
            Thread.sleep(
                    SECOND * response.headers().firstValueAsLong("Retry-After").orElseThrow());
            returned = returned == 0 ? System.currentTimeMillis() : returned;
            response = any().get(path(alertId));
            visits++;
        }
        assertThat(response.statusCode()).isEqualTo(200);
        return new Asked(alertId, asked, told, returned, visits);
    }

    private static List<Served> served(List<Asked> callers) {
        Map<String, Long> arrivals = first.defender.received().stream()
                .collect(Collectors.toMap(
                        Received::alertId, call -> call.arrival().toEpochMilli(), (early, late) -> late));
        return callers.stream()
                .map(caller -> new Served(caller, arrivals.get(caller.alertId())))
                .toList();
    }

    private static LineReport report(List<Served> served, long more) {
        List<LineReport.Caller> callers = served.stream()
                .map(each -> new LineReport.Caller(
                        each.caller().asked(),
                        each.caller().told(),
                        each.at(),
                        each.caller().visits()))
                .toList();
        return LineReport.of(callers, more);
    }

    /** The asynchronous pattern of the action is off, so that its four retries are all its patience. */
    @Test
    void noPlainActionOfLogicAppsFails() throws Exception {
        LogicAppsHttpAction action = new LogicAppsHttpAction(Duration.ofMinutes(1));
        List<Callable<Run>> actions = IntStream.range(0, CALLERS)
                .<Callable<Run>>mapToObj(i -> () -> action.run(
                        "GET",
                        () -> URI.create(any().baseUri() + path(prefix + i)),
                        Optional.empty(),
                        Map.of("x-functions-key", RunningApp.KEY)))
                .toList();

        List<Run> runs = results(threads.invokeAll(actions));

        System.out.println("Plain actions of Logic Apps by their number of requests: "
                + runs.stream()
                        .collect(Collectors.groupingBy(run -> run.requests().size(), Collectors.counting())));
        assertThat(runs).allSatisfy(run -> {
            assertThat(run.succeeded()).as("%s", run.requests()).isTrue();
            assertThat(run.last().body()).contains("accountName");
        });
        assertThat(runs)
                .as("some had to come back")
                .anyMatch(run -> run.requests().size() > 1);
    }

    private static RunningApp any() {
        return hosts.get(ThreadLocalRandom.current().nextInt(HOSTS));
    }

    private static String path(String alertId) {
        return "/api/alerts/" + alertId + "/user?wait=0";
    }

    private static <T> List<T> results(List<Future<T>> futures) throws Exception {
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(future.get());
        }
        return results;
    }
}
