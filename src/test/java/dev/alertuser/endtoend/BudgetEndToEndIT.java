package dev.alertuser.endtoend;

import static dev.alertuser.endtoend.RunningApp.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.endtoend.RetryAfter.Timed;
import dev.alertuser.localkit.fake.FakeDefender;
import dev.alertuser.localkit.fake.FakeDefenderAnswer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What callers hear of the budget, of Defender's pauses and of outages; each test with an app of its own. */
class BudgetEndToEndIT {
    private static final Map<String, String> FIVE_IN_EIGHT_SECONDS =
            Map.of("RATE_LIMITS", "5/PT8S", "RATE_LIMIT_MARGIN", "PT0.5S", "RATE_LIMIT_INTERACTIVE_RESERVE", "0");

    @Test
    void tellsTheTrueTimeOfTheNextPermitWhenTheBudgetIsSpent() throws Exception {
        Map<String, String> settings = new HashMap<>(FIVE_IN_EIGHT_SECONDS);
        settings.putAll(RunningApp.WARM);
        try (RunningApp app = RunningApp.start("spent", settings)) {
            app.defender.limit(new FakeDefender.Limit(5, Duration.ofSeconds(8)));
            List<Timed> permits = new ArrayList<>();
            Timed answer = withoutWaiting(app);
            while (answer.response().statusCode() == 200) {
                permits.add(answer);
                answer = withoutWaiting(app);
            }

            HttpResponse<String> denied = answer.response();
            assertThat(denied.statusCode()).isEqualTo(429);
            assertThat(json(denied).get("error").get("code").textValue()).isEqualTo("BudgetExhausted");
            assertThat(denied.headers().firstValue("RateLimit").orElseThrow()).startsWith("\"pt8s\";r=0;t=");
            RetryAfter.assertTrue(answer, permits.get(permits.size() - 5), Duration.ofMillis(8_500));
            Thread.sleep(answer.retryAfter() * 1000);
            assertThat(withoutWaiting(app).response().statusCode()).isEqualTo(200);
            assertThat(app.defender.requests()).isEqualTo(permits.size() + 1);
            assertThat(app.defender.throttled()).isZero();
        }
    }

    private static Timed withoutWaiting(RunningApp app) throws Exception {
        return Timed.of(() -> app.get("/api/alerts/" + id() + "/user?wait=0"));
    }

    @Test
    void letsACallerWaitForTheNextPermit() throws Exception {
        try (RunningApp app = RunningApp.start("wait", FIVE_IN_EIGHT_SECONDS)) {
            app.defender.limit(new FakeDefender.Limit(5, Duration.ofSeconds(8)));
            while (withoutWaiting(app).response().statusCode() == 200) {
                // Until the budget is spent.
            }

            HttpResponse<String> waited = app.user(id(), "Prefer", "wait=30");

            assertThat(waited.statusCode()).isEqualTo(200);
            assertThat(waited.headers().firstValue("Preference-Applied")).contains("wait=30");
            assertThat(app.defender.throttled()).isZero();
        }
    }

    @Test
    void pausesForEverybodyWhenDefenderThrottles() throws Exception {
        try (RunningApp app = RunningApp.start("pause", Map.of())) {
            app.defender.answerNext(FakeDefenderAnswer.throttledInText(3));

            Timed throttled = Timed.of(() -> app.user(id()));
            Timed paused = withoutWaiting(app);

            for (Timed answer : List.of(throttled, paused)) {
                assertThat(answer.response().statusCode()).isEqualTo(429);
                assertThat(json(answer.response()).get("error").get("code").textValue())
                        .isEqualTo("DefenderThrottled");
                RetryAfter.assertTrue(answer, throttled, Duration.ofSeconds(3));
            }
            assertThat(app.defender.requests()).isEqualTo(1);
            assertThat(app.user(id(), "Prefer", "wait=20").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void sendsNothingWithoutTheTableAndServesAgainWhenItIsBack() throws Exception {
        try (RunningApp app = RunningApp.startWithOwnStorage("outage", Map.of())) {
            assertThat(app.user(id()).statusCode()).isEqualTo(200);
            app.azurite().stop();

            HttpResponse<String> refused = app.user(id());

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(json(refused).get("error").get("code").textValue()).isEqualTo("BudgetUnavailable");
            assertThat(refused.headers().firstValue("Retry-After")).contains("30");
            assertThat(app.defender.requests()).isEqualTo(1);

            app.azurite().start();
            awaitService(app);
        }
    }

    @Test
    void answers503WhileATableThatHangsIsWaitedFor() throws Exception {
        try (RunningApp app = RunningApp.startWithOwnStorage("hang", Map.of())) {
            assertThat(app.user(id()).statusCode()).isEqualTo(200);
            app.azurite().pause();
            try {
                assertThat(app.user(id()).statusCode()).isEqualTo(503);
            } finally {
                app.azurite().resume();
            }
            awaitService(app);
        }
    }

    @Test
    void answers503WithoutAToken() throws Exception {
        try (RunningApp app = RunningApp.startWithoutIdentity("identity")) {
            HttpResponse<String> refused = app.user(id());

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(json(refused).get("error").get("code").textValue()).isEqualTo("IdentityUnavailable");
            assertThat(app.defender.requests()).isZero();

            app.identity.recover();
            awaitService(app);
        }
    }

    @Test
    void answers500ToABadSettingAndNamesItInTheLog() throws Exception {
        try (RunningApp app = RunningApp.start("bad-setting", Map.of("RATE_LIMITS", "many"))) {
            HttpResponse<String> failed = app.user(id());

            assertThat(failed.statusCode()).isEqualTo(500);
            assertThat(json(failed).get("error").get("code").textValue()).isEqualTo("InternalError");
            assertThat(failed.body()).doesNotContain("RATE_LIMITS");
            assertThat(app.log())
                    .contains("RATE_LIMITS must be permits/window pairs as in 100/PT1M,1500/PT1H but has 4 characters")
                    .doesNotContain("many");
        }
    }

    @Test
    void theBudgetSurvivesTheHost() throws Exception {
        try (RunningApp app =
                RunningApp.start("restart", Map.of("RATE_LIMITS", "3/PT1M", "RATE_LIMIT_INTERACTIVE_RESERVE", "0"))) {
            for (int i = 0; i < 3; i++) {
                app.user(id());
            }
            app.restartHost();

            assertThat(app.get("/api/alerts/" + id() + "/user?wait=0").statusCode())
                    .isEqualTo(429);
        }
    }

    /** After a failure the app leaves the table, or the identity endpoint, alone for a moment. */
    private static void awaitService(RunningApp app) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (app.user(id()).statusCode() != 200) {
            assertThat(System.nanoTime()).as("still refused").isLessThan(end);
            Thread.sleep(100);
        }
    }

    private static String id() {
        return "da" + UUID.randomUUID();
    }
}
