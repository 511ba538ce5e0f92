package dev.alertuser.endtoend;

import static dev.alertuser.endtoend.RunningApp.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.localkit.fake.FakeDefender;
import dev.alertuser.localkit.fake.FakeIdentity;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Identities, roles and tokens that are wrong, against endpoints that are as strict as Entra ID and Defender. */
class IdentityEndToEndIT {

    @Test
    void aTokenWithoutTheRoleIsRefusedUntilItEnds() throws Exception {
        try (RunningApp app = RunningApp.startWith("role", Map.of(), identity -> identity.roles())) {
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> refused = app.user(id());

                assertThat(refused.statusCode()).isEqualTo(502);
                assertThat(json(refused).at("/error/code").textValue()).isEqualTo("DefenderAccessDenied");
                assertThat(json(refused).at("/error/message").textValue()).contains("User.Read.All", "24 h");
                app.identity.roles(FakeDefender.ROLE);
                // Even a new process gets the old token again.
                app.restartHost();
            }
            assertThat(app.defender.received())
                    .extracting(FakeDefender.Received::status)
                    .containsExactly(403, 403);
            assertThat(app.identity.received()).hasSize(2);
        }
    }

    /** An identity that the app does not have, and a resource that the tenant does not know. */
    @ParameterizedTest
    @CsvSource({
        "AZURE_CLIENT_ID, 11112222-3333-4444-5555-666677778888",
        "DEFENDER_API_SCOPE, https://api.example/.default"
    })
    void withoutATokenNoPermitIsTakenAndNothingIsSent(String setting, String value) throws Exception {
        try (RunningApp app = RunningApp.startInMemory("identity-" + setting, Map.of(setting, value))) {
            HttpResponse<String> refused = app.user(id());
            HttpResponse<String> detail = app.get("/api/health/detail");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(json(refused).at("/error/code").textValue()).isEqualTo("IdentityUnavailable");
            assertThat(detail.statusCode()).isEqualTo(503);
            assertThat(json(detail).at("/checks/token/0/output").textValue()).contains("AZURE_CLIENT_ID");
            assertThat(json(app.get("/api/budget"))
                            .at("/windows/1/used/interactive")
                            .intValue())
                    .isZero();
            assertThat(app.defender.requests()).isZero();
        }
    }

    @Test
    void aTokenForAnotherResourceIsRefused() throws Exception {
        try (RunningApp app = RunningApp.startInMemory(
                "identity-audience", Map.of("DEFENDER_API_SCOPE", FakeIdentity.GRAPH + "/.default"))) {
            HttpResponse<String> detail = app.get("/api/health/detail");
            HttpResponse<String> refused = app.user(id());

            assertThat(detail.statusCode()).isEqualTo(503);
            assertThat(json(detail).at("/checks/token/0/output").textValue()).contains("DEFENDER_API_SCOPE");
            assertThat(refused.statusCode()).isEqualTo(502);
            assertThat(json(refused).at("/error/code").textValue()).isEqualTo("DefenderAccessDenied");
            assertThat(app.defender.received())
                    .extracting(FakeDefender.Received::status)
                    .containsExactly(401);
        }
    }

    /** A token must outlast the longest wait, 2 s here, and the minute after it. */
    @Test
    void aTokenThatMayEndWhileItsCallerWaitsIsNotSent() throws Exception {
        try (RunningApp app = RunningApp.startInMemory("token-life", Map.of("MAX_WAIT", "PT2S"))) {
            app.identity.tokenLife(Duration.ofSeconds(64));
            assertThat(app.user(id()).statusCode()).isEqualTo(200);
            Thread.sleep(2_100);
            assertThat(app.user(id()).statusCode()).isEqualTo(200);
            assertThat(app.identity.requests(FakeDefender.AUDIENCE))
                    .as("a new token in time, though the old one has a minute left")
                    .isEqualTo(2);

            app.identity.tokenLife(Duration.ofSeconds(60));
            Thread.sleep(2_100);
            HttpResponse<String> refused = app.user(id());

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(json(refused).at("/error/code").textValue()).isEqualTo("IdentityUnavailable");
            assertThat(app.defender.received())
                    .extracting(FakeDefender.Received::status)
                    .containsExactly(200, 200);
        }
    }

    private static String id() {
        return "da" + UUID.randomUUID();
    }
}
