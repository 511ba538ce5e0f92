package dev.alertuser.endtoend;

import static dev.alertuser.endtoend.RunningApp.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.localkit.fake.FakeDefenderAnswer;
import dev.alertuser.localkit.host.settings.HostSettings;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What hangs is given up: by the app, by the load balancer, and by the platform. */
class HungCallIT {
    private static final Map<String, String> SHORT_LIMITS = Map.of(
            HostSettings.WARM_UP,
            "true",
            HostSettings.HTTP_TIMEOUT,
            "PT2S",
            "AzureFunctionsJobHost__functionTimeout",
            "00:00:05",
            "AzureFunctionsJobHost__extensions__queues__visibilityTimeout",
            "00:00:01");

    /** A caller of Logic Apps gives up after 120 s, and one that would wait for 90 s hears of an outage long before that. */
    @Test
    void aHangingDependencyEndsAWaitOf90SecondsWithinItsOwnTimeLimit() throws Exception {
        try (RunningApp app = RunningApp.startInMemory("hung", Map.of())) {
            // Too short for a second call with it, a moment later.
            app.identity.tokenLife(Duration.ofSeconds(152));
            assertThat(app.user(id()).statusCode()).isEqualTo(200);

            app.azurite().pause();
            try {
                assertRefused(app, "BudgetUnavailable", "3 s for an attempt at the table");
            } finally {
                app.azurite().resume();
            }

            app.identity.delay(Duration.ofMinutes(3));
            assertRefused(app, "IdentityUnavailable", "10 s for a token");
            assertThat(app.defender.requests()).isEqualTo(1);
        }
    }

    /** Within 20 s, of which a busy machine may take half. */
    private static void assertRefused(RunningApp app, String code, String limit) throws Exception {
        long start = System.nanoTime();
        HttpResponse<String> refused = app.get("/api/alerts/" + id() + "/user?wait=90");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).as(limit).isLessThan(Duration.ofSeconds(20));
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(json(refused).at("/error/code").textValue()).isEqualTo(code);
    }

    @Test
    void theLoadBalancerAndThePlatformEndACallThatTheAppDoesNot() throws Exception {
        try (RunningApp app = RunningApp.startInMemory("hung-platform", SHORT_LIMITS)) {
            String alertId = id();
            app.defender.answerNextFor(
                    alertId, FakeDefenderAnswer.user("{\"id\":\"late\"}").after(Duration.ofMillis(3_500)));
            HttpResponse<String> ended = app.getAnswerOfThePlatform("/api/alerts/" + alertId + "/user");
            assertThat(ended.statusCode()).isEqualTo(504);
            assertThat(ended.headers().firstValue("x-ms-request-id")).isEmpty();
            assertThat(app.user(alertId).statusCode())
                    .as("the next caller joins the call, which goes on")
                    .isEqualTo(200);
            assertThat(app.callsFor(alertId)).isEqualTo(1);

            String queued = id();
            app.defender.answerNextFor(
                    queued, FakeDefenderAnswer.user("{\"id\":\"never\"}").after(Duration.ofSeconds(12)));
            app.enqueue(queued);
            JsonNode result = app.awaitResultOf(queued);

            assertThat(result.get("alertId").textValue()).isEqualTo(queued);
            assertThat(result.get("outcome").textValue()).isEqualTo("found");
            assertThat(app.callsFor(queued))
                    .as("once in the worker that ended with its functionTimeout, and once in the next")
                    .isEqualTo(2);
            assertThat(app.log()).contains("AlertUserRequests took longer than functionTimeout, PT5S");
        }
    }

    private static String id() {
        return "da" + UUID.randomUUID();
    }
}
