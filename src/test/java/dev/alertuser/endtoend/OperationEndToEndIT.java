package dev.alertuser.endtoend;

import static dev.alertuser.endtoend.RunningApp.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What operators and tools ask: budget, health, and the API's own description. The instance warmed up: while a cold one still loads, it
 * may say that it is not ready.
 */
class OperationEndToEndIT {
    private static RunningApp app;

    @BeforeAll
    static void start() {
        app = RunningApp.start("operation", RunningApp.WARM);
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    /** Uptime probes ask so. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/health/live",
                "/api/health/ready",
                "/api/health/detail",
                "/api/budget",
                "/api/analyst",
                "/api/openapi.json",
                "/api/swagger.json",
                "/api/lookups/none",
                "/api/alerts/da1/user"
            })
    void answersHeadLikeGetWithoutABody(String path) throws Exception {
        HttpResponse<String> get = app.get(path);
        HttpResponse<String> head = app.head(path);

        assertThat(head.statusCode()).isEqualTo(get.statusCode());
        assertThat(head.headers().firstValue("Content-Type"))
                .isEqualTo(get.headers().firstValue("Content-Type"))
                .isPresent();
        assertThat(head.body()).isEmpty();
    }

    /** The app never sees such a call, so it logs no line and charges nothing. */
    @ParameterizedTest
    @CsvSource({
        "GET, /api/alerts/da1/user",
        "POST, /api/alerts/users",
        "POST, /api/webhooks/alerts",
        "OPTIONS, /api/webhooks/alerts",
        "GET, /api/budget",
        "GET, /api/health/detail",
        "POST, /admin/functions/Purge"
    })
    void isClosedToOneWithoutAKey(String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(app.url(path)))
                .method(method, HttpRequest.BodyPublishers.ofString("{}"))
                .build();

        HttpResponse<String> refused = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).isEmpty();
    }

    @Test
    void theBudgetCountsEachCallAndCostsNone() throws Exception {
        int used = budget(app).at("/windows/1/used/interactive").intValue();
        app.user(id());
        app.user(id());
        JsonNode budget = budget(app);

        assertThat(budget.at("/windows/1/used/interactive").intValue())
                .isEqualTo(used + 2)
                .isEqualTo(app.defender.requests());
        assertThat(budget.at("/windows/0/name").textValue()).isEqualTo("minute");
        assertThat(budget.at("/history/stepSeconds").intValue()).isEqualTo(60);
        assertThat(budget.at("/queues/poison/messages").intValue()).isZero();
        assertThat(budget.at("/keptAnswers/misses").intValue()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void theBudgetTellsThePlaceThatACallerWasPromised() throws Exception {
        try (RunningApp spent = RunningApp.start(
                "operation-line",
                Map.of("RATE_LIMITS", "1/PT1M,1500/PT1H", "RATE_LIMIT_INTERACTIVE_RESERVE", "0,70"))) {
            String alertId = id();
            spent.user(id());
            long retryAfter = spent.user(alertId, "Prefer", "wait=0")
                    .headers()
                    .firstValueAsLong("Retry-After")
                    .orElseThrow();

            JsonNode line = json(spent.get("/api/budget?alertId=" + alertId)).get("line");

            assertThat(line.get("promised").intValue()).isEqualTo(1);
            assertThat(line.at("/place/position").intValue()).isEqualTo(1);
            assertThat(line.at("/place/seconds").longValue()).isBetween(1L, retryAfter + 1);
            assertThat(line.at("/place/at")).isEqualTo(line.at("/last/at"));
            assertThat(json(spent.get("/api/budget?alertId=" + id()))
                            .at("/line/place")
                            .isNull())
                    .isTrue();
            assertThat(spent.get("/api/budget?alertId=da%201").statusCode()).isEqualTo(400);
            assertThat(spent.defender.requests()).isEqualTo(1);
        }
    }

    @Test
    void theBudgetKnowsTheBacklogAndItsOldestRequest() throws Exception {
        try (RunningApp busy =
                RunningApp.start("operation-backlog", Map.of("AzureWebJobs.AlertUserRequests.Disabled", "true"))) {
            busy.enqueue("{\"alertId\":\"a1\",\"firstSeen\":\"" + Instant.now().minus(Duration.ofHours(2))
                    + "\",\"deferrals\":1}");
            busy.enqueue("{\"alertId\":\"a3\",\"firstSeen\":\"1970-01-01T12:00:00Z\",\"deferrals\":1}");
            busy.enqueue("a2");
            JsonNode budget = budget(busy);

            assertThat(budget.at("/queues/requests/messages").intValue()).isEqualTo(3);
            assertThat(budget.at("/queues/requests/oldestSeconds").longValue())
                    .as("what was forged does not count")
                    .isBetween(7200L, 10_000L);
            assertThat(budget.at("/forecast/messages").intValue()).isEqualTo(3);
            assertThat(budget.at("/notices/0/title").textValue()).startsWith("The oldest request has waited");
        }
    }

    @Test
    void isLiveAndReadyAndSaysNoMoreWithoutAKey() throws Exception {
        int calls = app.defender.requests();
        for (String path : new String[] {"/api/health/live", "/api/health/ready"}) {
            HttpResponse<String> health = app.get(path);

            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body()).isEqualTo("{\"status\":\"pass\"}");
            assertThat(health.headers().firstValue("Content-Type")).contains("application/health+json");
        }
        assertThat(json(app.get("/api/health/detail"))
                        .at("/checks/token/0/status")
                        .textValue())
                .isEqualTo("pass");
        assertThat(app.defender.requests()).isEqualTo(calls);
    }

    @Test
    void isNotReadyWithoutTheRoleAndNamesItToThoseWithAKey() throws Exception {
        try (RunningApp roleless =
                RunningApp.startWith("operation-role", RunningApp.WARM, identity -> identity.roles("Alert.Read.All"))) {
            HttpResponse<String> ready = roleless.get("/api/health/ready");
            HttpResponse<String> detail = roleless.get("/api/health/detail");

            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).isEqualTo("{\"status\":\"fail\"}");
            assertThat(detail.statusCode()).isEqualTo(503);
            assertThat(json(detail).at("/checks/token/0/output").textValue()).contains("User.Read.All");
            assertThat(json(detail).at("/checks/counter/0/status").textValue()).isEqualTo("pass");
            assertThat(roleless.get("/api/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void isNotReadyWithoutTheTableAndDoesNotWaitForIt() throws Exception {
        try (RunningApp broken = RunningApp.startWithOwnStorage("operation-outage", RunningApp.WARM)) {
            assertThat(broken.user(id()).statusCode()).isEqualTo(200);
            broken.azurite().pause();
            try {
                assertThat(broken.get("/api/health/ready").statusCode()).isEqualTo(503);
                assertThat(json(broken.get("/api/health/detail"))
                                .at("/checks/counter/0/output")
                                .textValue())
                        .isEqualTo("no answer within 1.5 s");
                assertThat(broken.get("/api/health/live").statusCode()).isEqualTo(200);
            } finally {
                broken.azurite().resume();
            }
            // A verdict is reused for 5 s.
            for (int i = 0; i < 300 && broken.get("/api/health/ready").statusCode() != 200; i++) {
                Thread.sleep(100);
            }
            assertThat(broken.get("/api/health/ready").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void isNotReadyWithABadSettingAndNamesItToThoseWithAKey() throws Exception {
        try (RunningApp bad = RunningApp.start("operation-setting", Map.of("RATE_LIMITS", "many"))) {
            assertThat(bad.get("/api/health/ready").statusCode()).isEqualTo(503);
            assertThat(json(bad.get("/api/health/detail"))
                            .at("/checks/settings/0/output")
                            .textValue())
                    .startsWith("RATE_LIMITS must be permits/window pairs")
                    .doesNotContain("many");
            HttpResponse<String> user = bad.user(id());
            assertThat(user.statusCode()).isEqualTo(500);
            assertThat(json(user).at("/error/message").textValue()).contains("GET /api/health/detail");
            bad.get("/api/health/ready");
            assertThat(bad.log().lines().filter(line -> line.contains("the settings are wrong")))
                    .as("once, however many ask")
                    .hasSize(1);
        }
    }

    @Test
    void describesItselfAtTheSameHostWhereThePlatformNamesNone() throws Exception {
        JsonNode openApi = json(app.get("/api/openapi.json"));
        JsonNode swagger = json(app.get("/api/swagger.json"));

        assertThat(openApi.get("openapi").textValue()).isEqualTo("3.0.3");
        assertThat(openApi.at("/servers/0/url").textValue()).isEqualTo("/api");
        assertThat(swagger.get("swagger").textValue()).isEqualTo("2.0");
        assertThat(swagger.get("basePath").textValue()).isEqualTo("/api");
        assertThat(swagger.has("host")).isFalse();
    }

    @Test
    void describesItselfAtTheHostThatThePlatformNames() throws Exception {
        try (RunningApp named =
                RunningApp.start("operation-host", Map.of("WEBSITE_HOSTNAME", "app1.azurewebsites.net"))) {
            assertThat(json(named.get("/api/openapi.json", "X-Forwarded-Proto", "http"))
                            .at("/servers/0/url")
                            .textValue())
                    .isEqualTo("https://app1.azurewebsites.net/api");
            assertThat(json(named.get("/api/swagger.json")).get("host").textValue())
                    .isEqualTo("app1.azurewebsites.net");
        }
    }

    @Test
    void describesItselfAtThePublicUrlThatTheSettingsSay() throws Exception {
        try (RunningApp named = RunningApp.start(
                "operation-public-url",
                Map.of(
                        "PUBLIC_URL",
                        "https://api.contoso.com/defender/",
                        "WEBSITE_HOSTNAME",
                        "app1.azurewebsites.net"))) {
            JsonNode swagger = json(named.get("/api/swagger.json"));

            assertThat(json(named.get("/api/openapi.json")).at("/servers/0/url").textValue())
                    .isEqualTo("https://api.contoso.com/defender/api");
            assertThat(swagger.get("host").textValue()).isEqualTo("api.contoso.com");
            assertThat(swagger.get("basePath").textValue()).isEqualTo("/defender/api");
        }
    }

    @Test
    void answersTheSmallThingsWithoutTheApp() throws Exception {
        for (String path : new String[] {"/api/health/live", "/api/openapi.json"}) {
            assertThat(app.get(path).headers().firstValue("RateLimit")).isEmpty();
        }
    }

    private static JsonNode budget(RunningApp app) throws Exception {
        return json(app.get("/api/budget", "Accept", "application/json"));
    }

    private static String id() {
        return "da" + UUID.randomUUID();
    }
}
