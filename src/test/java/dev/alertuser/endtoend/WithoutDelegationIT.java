package dev.alertuser.endtoend;

import static dev.alertuser.endtoend.RunningApp.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.localkit.fake.FakeDefenderAnswer;
import dev.alertuser.localkit.fake.FakeUser;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An app of which users ask nothing in their own name, and one that was only told half of what it needs for that. */
class WithoutDelegationIT {
    private final String alertId = "da" + UUID.randomUUID();

    @Test
    void loadsNoClassOfIt() throws Exception {
        Path classes = Path.of("target", "host-logs", "classes.log").toAbsolutePath();
        try (RunningApp app = RunningApp.start(
                "without-delegation", Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + classes))) {
            app.user(alertId);
            app.post("/api/alerts/users", "[\"" + alertId + "\"]");
            app.defender.answerNextFor("da_pending", FakeDefenderAnswer.error(503, "Unavailable", "later"));
            app.comeBack(app.get("/api/alerts/da_pending/user?mode=async&wait=0"), "");
            app.get("/api/budget");
            app.get("/api/health/detail");
            app.enqueue(alertId);
            app.awaitResultOf(alertId);
        }

        List<String> loaded;
        try (Stream<String> lines = Files.lines(classes)) {
            loaded = lines.filter(
                            line -> line.contains("] dev.alertuser.") || line.contains("com.azure.identity.OnBehalfOf"))
                    .toList();
        }
        assertThat(loaded)
                .anyMatch(line -> line.contains("dev.alertuser.service.AlertUserService "))
                .noneMatch(line -> line.contains("dev.alertuser.delegated.")
                        || line.contains("dev.alertuser.service.user.")
                        || line.contains("PlatformSignIn")
                        || line.contains("com.azure.identity.OnBehalfOf"));
    }

    @Test
    void answersNobodyWithTheAppsRightsWhoAsksForItsOwn() throws Exception {
        try (RunningApp app = RunningApp.start("without-delegation-2", Map.of())) {
            assertRefused(app.get("/api/alerts/" + alertId + "/user?as=me"), "DELEGATED_CLIENT_ID");
            assertRefused(app.get("/api/alerts/" + alertId + "/user", "Prefer", "as=me"), "DELEGATED_CLIENT_ID");
            assertRefused(app.get("/api/me/alerts/" + alertId + "/user"), "DELEGATED_CLIENT_ID");
            assertThat(app.callsFor(alertId)).isZero();
        }
    }

    /** Without it the platform takes no headers away from callers, so anybody could claim to be somebody. */
    @Test
    void refusesUsersWithoutThePlatformsSignIn() throws Exception {
        try (RunningApp app = RunningApp.startWithSignIn("without-sign-in", Map.of("WEBSITE_AUTH_ENABLED", "False"))) {
            HttpResponse<String> answer = app.get(
                    "/api/me/alerts/" + alertId + "/user",
                    "X-MS-CLIENT-PRINCIPAL",
                    "e30=",
                    "Authorization",
                    "Bearer " + app.entra().tokenOf(FakeUser.ADA));

            assertRefused(answer, "sign-in of the platform is off");
            assertThat(app.entra().exchanged()).isEmpty();
            assertThat(app.user(alertId).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void countsTheCallsOfUsersWithItsOwnIfToldSo() throws Exception {
        try (RunningApp app = RunningApp.startWithSignIn("shared-budget", Map.of("DELEGATED_BUDGET", "shared"))) {
            app.get(
                    "/api/me/alerts/" + alertId + "/user",
                    "Authorization",
                    "Bearer " + app.entra().tokenOf(FakeUser.ADA));

            JsonNode budget = json(app.get("/api/budget"));
            assertThat(budget.at("/windows/0/used/interactive").intValue()).isEqualTo(1);
        }
    }

    private static void assertRefused(HttpResponse<String> answer, String words) throws Exception {
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(json(answer).at("/error/code").textValue()).isEqualTo("DelegationNotConfigured");
        assertThat(json(answer).at("/error/message").textValue()).contains(words);
    }
}
