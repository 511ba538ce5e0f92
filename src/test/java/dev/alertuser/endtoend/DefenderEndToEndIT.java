package dev.alertuser.endtoend;

import static dev.alertuser.endtoend.RunningApp.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.localkit.fake.FakeCertificate;
import dev.alertuser.localkit.fake.FakeDefender;
import dev.alertuser.localkit.fake.FakeDefender.Limit;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Defender over TLS, some way off, whose quota others spend, too. */
class DefenderEndToEndIT {
    private static final Duration WINDOW = Duration.ofSeconds(3);

    private static FakeDefender defender;
    private static RunningApp app;

    @BeforeAll
    static void start() throws Exception {
        FakeCertificate certificate = FakeCertificate.make(Path.of("target", "certificate"));
        defender = FakeDefender.startTls(certificate);
        defender.latency(Duration.ofMillis(150));
        app = RunningApp.startInMemory(
                "tls", Map.of("DEFENDER_API_URL", defender.url().toString(), "JAVA_TOOL_OPTIONS", certificate.trust()));
    }

    @AfterAll
    static void stop() {
        app.close();
        defender.close();
    }

    @Test
    void isAskedOverTls() throws Exception {
        assertThat(defender.url().getScheme()).isEqualTo("https");
        assertThat(json(app.user(FakeDefender.SEED_ALERT)).get("accountName").textValue())
                .isEqualTo("user1");
    }

    @ParameterizedTest(name = "refused calls count: {0}")
    @ValueSource(booleans = {false, true})
    void refusesOnceAndServesAllWhoObeyWhetherOrNotRefusedCallsCount(boolean count) throws Exception {
        int refusedBefore = defender.throttled();
        defender.limit(new Limit(3, WINDOW));
        defender.countRefused(count);
        defender.spendElsewhere(3);

        HttpResponse<String> refused = app.get("/api/alerts/" + id() + "/user?wait=0");

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(json(refused).at("/error/code").textValue()).isEqualTo("DefenderThrottled");
        ExecutorService callers = Executors.newFixedThreadPool(3);
        try {
            List<Future<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                answers.add(callers.submit(() -> app.user(id(), "Prefer", "wait=30")));
            }
            for (Future<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().statusCode()).isEqualTo(200);
            }
        } finally {
            callers.shutdownNow();
        }
        assertThat(defender.throttled() - refusedBefore).isEqualTo(1);
    }

    private static String id() {
        return "da" + UUID.randomUUID();
    }
}
