package dev.alertuser.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alertuser.endtoend.LogicAppsHttpAction.Run;
import dev.alertuser.localkit.fake.FakeDefender;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A workflow that asks for 60 alerts at once while the hour's calls are spent, in each of the asynchronous ways that a playbook can be
 * written; {@link FourHostsIT} has the plain one. Time is compressed: the hour lasts 12 seconds.
 */
class LogicAppsIT {
    private static final int ALERTS = 60;
    private static final Duration HOUR = Duration.ofSeconds(12);
    private static final int CALLS = 100;
    private RunningApp app;

    private final String prefix = "da" + UUID.randomUUID() + "-";
    private final LogicAppsHttpAction action = new LogicAppsHttpAction(Duration.ofMinutes(1));
    private final ExecutorService branches = Executors.newFixedThreadPool(ALERTS);

    /** Each workflow has a budget of its own, all of it spent in the moment before. */
    @BeforeEach
    void spendTheHour() throws Exception {
        Map<String, String> settings = new HashMap<>(RunningApp.WARM);
        settings.putAll(Map.of("RATE_LIMITS", CALLS + "/" + HOUR, "RATE_LIMIT_INTERACTIVE_RESERVE", "0"));
        app = RunningApp.startInMemory("logic-apps", settings);
        app.defender.limit(new FakeDefender.Limit(CALLS, HOUR));
        String body = IntStream.range(0, CALLS)
                .mapToObj(i -> "\"other-" + prefix + i + "\"")
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(app.post("/api/alerts/users?wait=90", body).statusCode()).isEqualTo(200);
        assertThat(app.get("/api/alerts/" + prefix + "/user?wait=0").statusCode())
                .as("the hour is spent")
                .isEqualTo(429);
    }

    @AfterEach
    void end() {
        branches.shutdownNow();
        int throttled = app.defender.throttled();
        app.close();
        assertThat(throttled).isZero();
    }

    @Test
    void requestsThatComeBack() throws Exception {
        List<Run> runs = runBranches("/user?mode=async&wait=0");

        assertThat(runs).allSatisfy(run -> {
            assertThat(run.succeeded()).as("%s", run.requests()).isTrue();
            assertThat(run.last().body()).contains("accountName");
            assertThat(run.requests()).as("never an error").allMatch(request -> request.matches("GET 20[02]"));
        });
        assertThat(runs)
                .as("some had to come back")
                .anyMatch(run -> run.requests().size() > 1);
    }

    @Test
    void oneRequestForAllThatComesBack() throws Exception {
        String body = IntStream.range(0, ALERTS)
                .mapToObj(i -> "\"" + prefix + i + "\"")
                .collect(Collectors.joining(",", "[", "]"));

        Run run = action.run(
                "POST",
                URI.create(app.baseUri() + "/api/alerts/users?mode=async"),
                Optional.of(body),
                Map.of("Content-Type", "application/json", "x-functions-key", RunningApp.KEY, "Accept-Language", "en"));

        assertThat(run.succeeded()).as("%s", run.requests()).isTrue();
        assertThat(run.requests()).hasSizeGreaterThan(1).allMatch(request -> request.matches("(GET|POST) 20[02]"));
        JsonNode answer = new ObjectMapper().readTree(run.last().body());
        assertThat(answer.get("summary").get("found").intValue()).isEqualTo(ALERTS);
    }

    private List<Run> runBranches(String query) throws Exception {
        List<Future<Run>> started = IntStream.range(0, ALERTS)
                .mapToObj(i -> URI.create(app.baseUri() + "/api/alerts/" + prefix + i + query))
                .map(uri -> branches.submit(
                        () -> action.run("GET", uri, Optional.empty(), Map.of("x-functions-key", RunningApp.KEY))))
                .toList();
        List<Run> runs = new ArrayList<>();
        for (Future<Run> branch : started) {
            runs.add(branch.get());
        }
        return runs;
    }
}
