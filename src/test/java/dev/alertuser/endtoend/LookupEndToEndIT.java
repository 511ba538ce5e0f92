package dev.alertuser.endtoend;

import static dev.alertuser.endtoend.RunningApp.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.Names;
import dev.alertuser.endtoend.RetryAfter.Timed;
import dev.alertuser.localkit.fake.FakeDefender;
import dev.alertuser.localkit.fake.FakeDefenderAnswer;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.AlertUser;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.LeftOut;
import dev.alertuser.service.alert.LookupId;
import dev.alertuser.service.alert.LookupProgress;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.service.alert.PendingLookup;
import dev.alertuser.service.alert.PendingLookup.Kind;
import dev.alertuser.tables.TableAnswerCache;
import dev.alertuser.tables.TablePendingLookupStore;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code 202}, and {@code GET /api/lookups/{lookupId}}. */
class LookupEndToEndIT {
    private static RunningApp app;

    private final String alertId = "da" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        app = RunningApp.start("lookup", Map.of());
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void answersAtOnceWhenThereIsAPermit() throws Exception {
        HttpResponse<String> response = app.get("/api/alerts/" + alertId + "/user?mode=async");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Location")).isEmpty();
    }

    @Test
    void answersOneWhoComesBackLikeOneWhoWaited() throws Exception {
        Map<String, String> twoInTenSeconds = Map.of("RATE_LIMITS", "2/PT10S", "RATE_LIMIT_INTERACTIVE_RESERVE", "0");
        try (RunningApp busy = RunningApp.start("lookup-busy", twoInTenSeconds)) {
            busy.defender.limit(new FakeDefender.Limit(2, Duration.ofSeconds(10)));
            Timed permit = Timed.of(() -> busy.user("da1"));
            busy.user("missing-da2");

            Timed timed = Timed.of(
                    () -> busy.user(alertId, "Prefer", "respond-async, wait=0", "x-ms-client-request-id", "run-7"));
            HttpResponse<String> pending = timed.response();

            assertPending(busy, pending);
            RetryAfter.assertTrueAfterColdPermit(timed, permit, Duration.ofSeconds(12));
            assertThat(pending.headers().firstValue("Preference-Applied")).contains("wait=0, respond-async");
            HttpResponse<String> stillPending = busy.comeBack(pending, "?wait=0");
            assertPending(busy, stillPending);
            assertThat(stillPending.headers().firstValue("RateLimit"))
                    .as("for one without a key")
                    .isEmpty();
            assertThat(stillPending.headers().firstValue("Location"))
                    .isEqualTo(pending.headers().firstValue("Location"));

            busy.restartHost();
            HttpResponse<String> settled = busy.comeBackUntilSettled(pending, Duration.ofSeconds(30));

            assertThat(settled.statusCode()).isEqualTo(200);
            assertThat(settled.headers().firstValue("x-ms-client-request-id")).contains("run-7");
            HttpResponse<String> waited = busy.user(alertId);
            assertThat(settled.body()).isEqualTo(waited.body());
            for (String header : List.of("Content-Type", "ETag", "Cache-Control")) {
                assertThat(settled.headers().firstValue(header))
                        .as(header)
                        .isEqualTo(waited.headers().firstValue(header));
            }
            assertThat(busy.callsFor(alertId)).isEqualTo(1);
            assertThat(busy.defender.received().stream()
                            .filter(received -> received.alertId().equals(alertId))
                            .findFirst()
                            .orElseThrow()
                            .clientRequestId())
                    .contains("run-7");
            assertThat(busy.defender.throttled()).isZero();
        }
    }

    private static void assertPending(RunningApp app, HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).isEqualTo(202);
        JsonNode body = json(response);
        String location = response.headers().firstValue("Location").orElseThrow();
        assertThat(location).matches(app.baseUri() + "/api/lookups/\\d{8}-[0-9a-f]{32}");
        assertThat(body.get("location").textValue()).isEqualTo(location);
        assertThat(location).endsWith("/" + body.get("lookupId").textValue());
        assertThat(body.get("status").textValue()).isEqualTo("pending");
        assertThat(response.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isPositive()
                .isEqualTo(body.get("retryAfterSeconds").longValue());
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
    }

    @Test
    void endsWithTheSame404AsTheFirstCallWould() throws Exception {
        String missing = "missing-" + alertId;
        app.defender.answerNextFor(missing, outageOfASecond());

        HttpResponse<String> settled = app.comeBackUntilSettled(
                app.get("/api/alerts/" + missing + "/user?mode=async"), Duration.ofSeconds(30));

        assertThat(settled.statusCode()).isEqualTo(404);
        assertThat(settled.headers().firstValue("x-ms-error-code")).contains("AlertOrUserNotFound");
        assertThat(settled.headers().firstValue("x-ms-correlation-request-id")).isPresent();
        assertThat(settled.body()).isEqualTo(app.user(missing).body());
    }

    @Test
    void namesTheHostThatThePlatformSays() throws Exception {
        try (RunningApp named = RunningApp.start("lookup-host", Map.of("WEBSITE_HOSTNAME", "app1.azurewebsites.net"))) {
            named.defender.answerNextFor(alertId, FakeDefenderAnswer.error(500, "x", "x"));

            assertThat(named.get("/api/alerts/" + alertId + "/user?mode=async")
                            .headers()
                            .firstValue("Location")
                            .orElseThrow())
                    .startsWith("https://app1.azurewebsites.net/api/lookups/");
        }
    }

    /** Whatever a gateway or its caller claims in a header. */
    @Test
    void namesThePublicUrlThatTheSettingsSay() throws Exception {
        try (RunningApp named = RunningApp.start("lookup-public-url", behindGateway())) {
            named.defender.answerNextFor(alertId, FakeDefenderAnswer.error(500, "x", "x"));

            HttpResponse<String> pending = named.get(
                    "/api/alerts/" + alertId + "/user?mode=async",
                    "X-Forwarded-Host",
                    "evil.example",
                    "X-Original-Host",
                    "evil.example");

            assertThat(pending.headers().firstValue("Location").orElseThrow())
                    .matches("https://api\\.contoso\\.com/defender/api/lookups/[^/]+");
        }
    }

    private static Map<String, String> behindGateway() {
        return Map.of("PUBLIC_URL", "https://api.contoso.com/defender/", "WEBSITE_HOSTNAME", "app1.azurewebsites.net");
    }

    @Test
    void putsOffAnOutageOfDefender() throws Exception {
        app.defender.answerNextFor(alertId, outageOfASecond());

        HttpResponse<String> pending = app.get("/api/alerts/" + alertId + "/user?mode=async");

        assertThat(pending.statusCode()).isEqualTo(202);
        assertThat(pending.headers().firstValue("Retry-After")).contains("1");
        assertThat(app.comeBackUntilSettled(pending, Duration.ofSeconds(30)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void answersOneWhoComesBackTooEarlyWithoutACall() throws Exception {
        app.defender.answerNextFor(alertId, FakeDefenderAnswer.error(503, "x", "x"));
        HttpResponse<String> pending = app.get("/api/alerts/" + alertId + "/user?mode=async");
        assertThat(pending.headers().firstValue("Retry-After")).contains("30");

        for (int i = 0; i < 10; i++) {
            assertThat(app.comeBack(pending, "").statusCode()).isEqualTo(202);
        }

        assertThat(app.callsFor(alertId)).isEqualTo(1);
    }

    private static FakeDefenderAnswer outageOfASecond() {
        return FakeDefenderAnswer.error(503, "x", "x").with("Retry-After", "1");
    }

    @Test
    void tellsOfWhatNeedsSomebodyToActInsteadOfPuttingItOff() throws Exception {
        app.defender.answerNextFor(alertId, FakeDefenderAnswer.forbidden(), FakeDefenderAnswer.html(200));

        for (String code : List.of("DefenderAccessDenied", "DefenderBadAnswer")) {
            HttpResponse<String> response = app.get("/api/alerts/" + alertId + "/user?mode=async");
            assertThat(response.statusCode()).isEqualTo(502);
            assertThat(response.headers().firstValue("x-ms-error-code")).contains(code);
        }
    }

    @Test
    void givesNoPlaceToComeBackThatItCouldNotStore() throws Exception {
        try (RunningApp broken = RunningApp.startWithOwnStorage("lookup-outage", Map.of())) {
            assertThat(broken.user(alertId).statusCode()).isEqualTo(200);
            broken.azurite().stop();

            HttpResponse<String> response = broken.get("/api/alerts/other/user?mode=async");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("x-ms-error-code")).contains("LookupsUnavailable");
            HttpResponse<String> batch = broken.post("/api/alerts/users?mode=async", "[\"other\"]");
            assertThat(batch.statusCode()).as("a workflow repeats a 503").isEqualTo(503);
            HttpResponse<String> lookup = broken.get("/api/lookups/20260131-00000000000000000000000000000000");
            assertThat(lookup.statusCode()).isEqualTo(503);
            assertThat(lookup.headers().firstValue("x-ms-error-code")).contains("LookupsUnavailable");
            assertThat(lookup.headers().firstValue("Retry-After")).contains("30");
        }
    }

    @Test
    void takesAnAnswerThatCameSinceWhateverItsAge() throws Exception {
        Instant asked = Instant.now().minus(Duration.ofHours(20));
        new TableAnswerCache(
                        app.tableBuilder(Names.LOOKUPS_TABLE), app.settings().lookupsKey(), InstantSource.system())
                .put(
                        new AlertId(alertId),
                        new Found(
                                new AlertUser("{\"id\":\"since\"}", "since", null, null, null),
                                new Origin(Source.DEFENDER, asked.plusSeconds(1), null)));

        HttpResponse<String> response = app.get("/api/lookups/" + given(asked).text());

        assertThat(response.body()).isEqualTo("{\"id\":\"since\"}");
        assertThat(app.callsFor(alertId)).isZero();
        assertThat(app.user(alertId).body()).as("for others it is too old").contains("contoso");
    }

    @Test
    void knowsNoLookupThatIsADayOld() throws Exception {
        assertNotFound(given(Instant.now().minus(Duration.ofHours(24))).text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "20260131-00000000000000000000000000000000",
                "20269999-00000000000000000000000000000000",
                "20260131-0000000000000000000000000000000",
                "20260131-0000000000000000000000000000000G",
                "x",
                "a'b"
            })
    void knowsNoLookupOfAnotherId(String id) throws Exception {
        assertNotFound(id);
    }

    private LookupId given(Instant madeAt) {
        return new TablePendingLookupStore(
                        app.tableBuilder(Names.LOOKUPS_TABLE), app.settings().lookupsKey())
                .add(
                        new PendingLookup(
                                Kind.SINGLE,
                                List.of(new AlertId(alertId)),
                                LeftOut.NOTHING,
                                false,
                                madeAt,
                                new Correlation("c-1", null)),
                        LookupProgress.pending(madeAt, 0));
    }

    private static void assertNotFound(String lookupId) throws Exception {
        HttpResponse<String> response = app.get("/api/lookups/" + lookupId);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("x-ms-error-code")).contains("LookupNotFound");
        assertThat(json(response).get("error").get("message").textValue())
                .isEqualTo("There is no lookup with this id. Lookups live 24 hours.");
    }
}
