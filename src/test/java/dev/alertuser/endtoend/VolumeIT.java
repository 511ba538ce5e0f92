package dev.alertuser.endtoend;

import static dev.alertuser.endtoend.RunningApp.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.localkit.fake.FakeDefender;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many alerts under a budget whose time is compressed. */
@Tag("load")
class VolumeIT {
    /** {@code -Dburst=5000} for a large one, which keeps Azurite busy for some minutes: its queues search all their messages each time. */
    private static final int BURST = Integer.getInteger("burst", 500);

    @Test
    void aThousandIdsInTwoLookupsEndWithAThousandOutcomesAcrossRestarts() throws Exception {
        try (RunningApp app = start("volume-lookups", 200, Duration.ofSeconds(2))) {
            List<HttpResponse<String>> lookups = new ArrayList<>();
            for (int half = 0; half < 2; half++) {
                lookups.add(app.post("/api/alerts/users?mode=async&wait=0", ids(half * 500, half * 500 + 500)));
            }

            long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
            int restarts = 0;
            while (lookups.stream().anyMatch(lookup -> lookup.statusCode() == 202)) {
                assertThat(System.nanoTime()).as("still pending").isLessThan(end);
                if (restarts < 2) {
                    app.endHost();
                    app.startHost();
                    restarts++;
                }
                for (int i = 0; i < 2; i++) {
                    if (lookups.get(i).statusCode() == 202) {
                        lookups.set(i, app.comeBack(lookups.get(i), ""));
                    }
                }
            }

            Set<String> found = new HashSet<>();
            for (HttpResponse<String> lookup : lookups) {
                assertThat(lookup.statusCode()).isEqualTo(200);
                for (JsonNode result : json(lookup).get("results")) {
                    assertThat(result.get("outcome").textValue()).isEqualTo("found");
                    found.add(result.get("alertId").textValue());
                }
            }
            assertThat(found).hasSize(1000);
            assertThat(app.defender.requests()).isEqualTo(1000);
            assertThat(app.defender.throttled()).isZero();
            assertThat(restarts).isEqualTo(2);
        }
    }

    @Test
    void aBurstIsAcceptedAndWorkedOff() throws Exception {
        try (RunningApp app = start("volume-webhook", 600, Duration.ofSeconds(2))) {
            ExecutorService senders = Executors.newFixedThreadPool(8);
            List<Future<HttpResponse<String>>> deliveries = IntStream.range(0, BURST / 100)
                    .mapToObj(i -> senders.submit(() -> app.post("/api/webhooks/alerts", ids(i * 100, i * 100 + 100))))
                    .toList();
            for (Future<HttpResponse<String>> delivery : deliveries) {
                assertThat(delivery.get().statusCode()).isEqualTo(202);
            }
            senders.shutdown();

            Set<String> ended = new HashSet<>();
            long end = System.nanoTime() + Duration.ofMillis(600L * BURST).toNanos();
            while (ended.size() < BURST) {
                assertThat(System.nanoTime())
                        .as("%s of %s results", ended.size(), BURST)
                        .isLessThan(end);
                for (JsonNode result : app.awaitResults(1, Duration.ofMinutes(2))) {
                    assertThat(result.get("outcome").textValue()).isEqualTo("found");
                    ended.add(result.get("alertId").textValue());
                }
            }
            assertThat(app.defender.requests()).isEqualTo(BURST);
            assertThat(app.defender.throttled()).isZero();
            app.awaitNoPoison();
        }
    }

    private static RunningApp start(String name, int permits, Duration window) {
        RunningApp app = RunningApp.startInMemory(
                name, Map.of("RATE_LIMITS", permits + "/" + window, "RATE_LIMIT_INTERACTIVE_RESERVE", "0"));
        // As tight as the app's margin of 2 s allows, less the second and more within which a call leaves and arrives.
        app.defender.limit(new FakeDefender.Limit(permits, window.plusMillis(500)));
        return app;
    }

    private static String ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "\"da" + i + "\"").collect(Collectors.joining(",", "[", "]"));
    }
}
