package dev.alertuser.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.localkit.fake.FakeDefenderAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No path that logs names a person, a token, a key, a secret or an address to call back. */
class LogPrivacyIT {
    private static final String PERSON = "grace.hopper";
    private static final String SID = "S-1-5-21-1906-1992-1-4711";
    private static final String USER = "{\"id\":\"navy\\\\" + PERSON + "\",\"accountName\":\"" + PERSON
            + "\",\"accountDomain\":\"navy\",\"accountSid\":\"" + SID + "\"}";
    private static final String KEY = "key-of-a-function";
    private static final String CLIENT_STATE = "agreed-with-graph";
    private static final String CALLBACK = "callback.example.com";

    private final String alertId = "da" + UUID.randomUUID();
    private RunningApp app;

    @BeforeEach
    void start() {
        app = RunningApp.startWithOwnStorage(
                "privacy",
                Map.of(
                        "GRAPH_CLIENT_STATE",
                        CLIENT_STATE,
                        "AzureFunctionsJobHost__extensions__queues__visibilityTimeout",
                        "00:00:01"));
    }

    @AfterEach
    void logsNothingOfIt() throws Exception {
        app.close();

        assertThat(app.log())
                .contains(alertId)
                .doesNotContainIgnoringCase(PERSON)
                .doesNotContain(SID, KEY, CLIENT_STATE, "another-state", CALLBACK)
                // A JSON web token, or the head that carries it; the key of the storage account.
                .doesNotContain("eyJ", "Bearer ", "AccountKey", "Eby8vdM02xNOcqFlq");
    }

    @Test
    void forCallersOverHttp() throws Exception {
        app.defender.answerNextFor(
                alertId, FakeDefenderAnswer.error(503, "x", PERSON).with("Retry-After", "1"), user());
        app.comeBackUntilSettled(
                app.get("/api/alerts/" + alertId + "/user?mode=async&code=" + KEY), Duration.ofSeconds(30));
        assertThat(app.user(alertId, "x-functions-key", KEY).body()).contains(PERSON);
        assertThat(app.post("/api/alerts/users", "[\"" + alertId + "\"]").body())
                .contains(PERSON);
        app.get("/api/alerts/" + PERSON + "%40navy/user");
        app.post("/api/alerts/users", "{\"user\":\"" + PERSON);
        app.post("/api/alerts/users", "{\"alertIds\":[\"" + PERSON + "@navy\"]}");
        app.get("/api/alerts/" + alertId + "/user?wait=" + PERSON);
        app.get("/api/budget?code=" + KEY);
        app.get("/api/health/detail?code=" + KEY);
    }

    @Test
    void whateverDefenderAnswers() throws Exception {
        List<FakeDefenderAnswer> answers = List.of(
                FakeDefenderAnswer.error(400, "x", PERSON),
                FakeDefenderAnswer.error(401, "x", PERSON),
                FakeDefenderAnswer.error(403, "x", PERSON),
                FakeDefenderAnswer.error(404, "x", PERSON),
                FakeDefenderAnswer.error(500, "x", PERSON),
                FakeDefenderAnswer.error(200, "x", PERSON),
                FakeDefenderAnswer.of(200, "{\"accountName\":\"" + PERSON),
                FakeDefenderAnswer.user(USER).brokenOff(),
                FakeDefenderAnswer.redirect("https://" + CALLBACK + "/" + PERSON));
        for (int i = 0; i < answers.size(); i++) {
            app.defender.answerNextFor(alertId + i, answers.get(i));
            app.user(alertId + i);
        }
        app.defender.answerNextFor(alertId, FakeDefenderAnswer.error(429, "x", PERSON));
        app.get("/api/alerts/" + alertId + "/user?wait=0");
    }

    @Test
    void forSendersOfWebhooksAndOfMessages() throws Exception {
        String route = "/api/webhooks/alerts?code=" + KEY;
        app.defender.answerNextFor(alertId, user());
        app.post(
                route,
                "[{\"eventType\":\"Microsoft.EventGrid.SubscriptionValidationEvent\",\"data\":{\"validationCode\":\"1\","
                        + "\"validationUrl\":\"https://" + CALLBACK + "/validate\"}}]",
                "aeg-event-type",
                "SubscriptionValidation");
        app.post(
                route,
                "{\"value\":[{\"clientState\":\"another-state\",\"resource\":\"security/alerts_v2/" + alertId
                        + "\"}]}");
        app.post(route, "{\"alertId\":\"" + alertId + "\",\"account\":\"" + PERSON + "\"}");
        assertThat(app.awaitResultOf(alertId).toString()).contains(PERSON);

        app.enqueue("{\"account\":\"" + PERSON + "\",\"note\":\"" + alertId + "\"}");
        assertThat(app.awaitResultOf("NoAlertId").toString()).contains(PERSON);
        String failing = "failing-" + alertId;
        for (int i = 0; i < 5; i++) {
            app.defender.answerNextFor(failing, FakeDefenderAnswer.of(200, "<p>" + PERSON));
        }
        app.enqueue("{\"alertId\":\"" + failing + "\",\"account\":\"" + PERSON + "\"}");
        assertThat(app.awaitResultOf("\"failed\"").toString()).contains(PERSON);
    }

    @Test
    void whileStorageOrIdentityIsOutOfReach() throws Exception {
        app.defender.answerNextFor(alertId, user());
        app.user(alertId);
        app.azurite().stop();
        for (String path : List.of("/user", "/user?mode=async&code=" + KEY)) {
            app.get("/api/alerts/other-" + alertId + path);
        }
        app.post(
                "/api/webhooks/alerts?code=" + KEY, "{\"alertId\":\"" + alertId + "\",\"account\":\"" + PERSON + "\"}");
        app.get("/api/budget?code=" + KEY);
        app.get("/api/health/detail?code=" + KEY);

        try (RunningApp stranger = RunningApp.startWithoutIdentity("privacy-identity")) {
            stranger.identity.answerNext(
                    400,
                    "{\"error\":\"invalid_request\",\"error_description\":\"Identity not found\","
                            + "\"access_token\":\"eyJ0eXAi\"}");
            stranger.user(alertId);
            stranger.get("/api/health/detail?code=" + KEY);
            assertThat(stranger.log()).contains(alertId).doesNotContain(PERSON, "eyJ", KEY);
        }
    }

    private static FakeDefenderAnswer user() {
        return FakeDefenderAnswer.user(USER);
    }
}
