package dev.alertuser.endtoend;

import static dev.alertuser.endtoend.RunningApp.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.localkit.fake.FakeDefender;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST} and {@code OPTIONS /api/webhooks/alerts}. */
class WebhookEndToEndIT {
    private static final String ROUTE = "/api/webhooks/alerts";
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static RunningApp app;

    private final String alertId = "da" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        app = RunningApp.start("webhook", Map.of("GRAPH_CLIENT_STATE", "made-up-secret"));
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void answersEventGridWithItsCodeAndNeverCallsItsUrl() throws Exception {
        try (FakeDefender elsewhere = FakeDefender.start()) {
            String event = "{\"id\":\"1\",\"eventType\":\"Microsoft.EventGrid.SubscriptionValidationEvent\",\"data\":"
                    + "{\"validationCode\":\"512d38b6\",\"validationUrl\":\"" + elsewhere.url() + "\"}}";

            HttpResponse<String> response =
                    app.post(ROUTE, "[" + event + "]", "aeg-event-type", "SubscriptionValidation");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).contains("application/json; charset=utf-8");
            assertThat(response.body()).isEqualTo("{\"validationResponse\":\"512d38b6\"}");
            assertThat(app.post(ROUTE, "[" + event + "," + event + "]", "aeg-event-type", "SubscriptionValidation")
                            .statusCode())
                    .isEqualTo(400);
            assertThat(elsewhere.requests()).isZero();
        }
    }

    @Test
    void tellsCloudEventsSendersThatTheyMaySend() throws Exception {
        HttpResponse<String> response =
                app.options(ROUTE, "WebHook-Request-Origin", "eventemitter.example.com", "WebHook-Request-Rate", "120");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("WebHook-Allowed-Origin")).contains("eventemitter.example.com");
        assertThat(response.headers().firstValue("WebHook-Allowed-Rate")).contains("100");
        assertThat(response.headers().firstValue("Allow")).contains("POST, OPTIONS");
    }

    @Test
    void givesGraphItsTokenBackAsPlainText() throws Exception {
        HttpResponse<String> response = app.post(
                ROUTE + "?validationToken=Validation%3A%20Testing+client%20%2B%20%3Cscript%3Ealert(1)%3C%2Fscript%3E",
                "");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(response.body()).isEqualTo("Validation: Testing client + &lt;script&gt;alert(1)&lt;/script&gt;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"event-grid", "cloud-event-batch", "sentinel-alert", "graph-alert-list"})
    void queuesWhatAnySenderDelivers(String sender) throws Exception {
        HttpResponse<String> response = app.post(ROUTE, fixture(sender));

        assertThat(response.statusCode()).isEqualTo(202);
        List<String> accepted = texts(json(response).get("accepted"));
        assertThat(accepted).isNotEmpty();
        List<JsonNode> results = app.awaitResults(accepted.size(), Duration.ofSeconds(60));
        assertThat(results.stream().map(result -> result.get("alertId").textValue()))
                .containsExactlyInAnyOrderElementsOf(accepted);
        assertThat(response.headers().firstValue("Location"))
                .as("the key of the webhook reads nobody")
                .isEmpty();
        assertThat(response.body()).doesNotContain("lookupId");
    }

    @Test
    void givesTheIdsOfTheRequestOrOfTheEnvelopeOn() throws Exception {
        String event = "{\"specversion\":\"1.0\",\"type\":\"t\",\"source\":\"s\",\"id\":\"case-5\",\"data\":\""
                + alertId + "-1\"}";
        app.post(
                ROUTE,
                "[" + event + ",\"" + alertId + "-2\"]",
                "x-ms-client-tracking-id",
                "run-9",
                "traceparent",
                TRACE);

        Map<String, JsonNode> results = app.awaitResults(2, Duration.ofSeconds(60)).stream()
                .collect(Collectors.toMap(result -> result.get("alertId").textValue(), result -> result));

        assertThat(results.get(alertId + "-1").get("correlationId").textValue()).isEqualTo("case-5");
        assertThat(results.get(alertId + "-2").get("correlationId").textValue()).isEqualTo("run-9");
        assertThat(results.get(alertId + "-2").get("traceparent").textValue()).isEqualTo(TRACE);
        FakeDefender.Received call = app.defender.received().stream()
                .filter(received -> received.alertId().equals(alertId + "-2"))
                .findFirst()
                .orElseThrow();
        assertThat(call.clientRequestId()).contains("run-9");
        assertThat(call.traceparent()).contains(TRACE);
        assertThat(app.log().lines().filter(line -> line.contains("run-9") && line.contains(TRACE)))
                .as("one line for the delivery, one for the message")
                .hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void takesTheSameDeliveryTwiceAtThePriceOfOneCall() throws Exception {
        app.post(ROUTE, "\"" + alertId + "\"");
        app.awaitResultOf(alertId);
        app.post(ROUTE, "\"" + alertId + "\"");

        assertThat(app.awaitResultOf(alertId).get("source").textValue()).isEqualTo("kept");
        assertThat(app.callsFor(alertId)).isEqualTo(1);
    }

    @Test
    void takesGraphNotificationsOnlyWithTheAgreedClientState() throws Exception {
        String body = fixture("graph-change-notification");

        HttpResponse<String> oneWithout = app.post(ROUTE, body);
        HttpResponse<String> wrong = app.post(ROUTE, body.replace("made-up-secret", "another"));
        HttpResponse<String> inAnArray = app.post(ROUTE, "[" + body + "]");

        for (HttpResponse<String> response : List.of(oneWithout, wrong, inAnArray)) {
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(response.headers().firstValue("x-ms-error-code")).contains("ClientStateMismatch");
            assertThat(response.body()).doesNotContain("made-up-secret");
        }
        String both = body.replace(
                "\"changeType\": \"updated\"", "\"changeType\": \"updated\", \"clientState\": \"made-up-secret\"");
        assertThat(app.post(ROUTE, both).statusCode()).isEqualTo(202);
        assertThat(app.awaitResults(2, Duration.ofSeconds(60))).hasSize(2);
    }

    @Test
    void acceptsNothingOfOtherProducts() throws Exception {
        HttpResponse<String> response =
                app.post(ROUTE, "{\"alerts\":[{\"id\":\"a\",\"serviceSource\":\"microsoftDefenderForIdentity\"}]}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).get("accepted")).isEmpty();
        assertThat(json(response).at("/skipped/0/reason").textValue()).isEqualTo("otherProduct");
    }

    @Test
    void takesAnEventWithoutAlertForAGoodOne() throws Exception {
        String data = "{\"operationName\":\"Microsoft.SecurityInsights/Incidents/write\"}";
        String event =
                "[{\"id\":\"1\",\"eventType\":\"Microsoft.Resources.ResourceWriteSuccess\",\"data\":" + data + "}]";

        for (HttpResponse<String> response :
                List.of(app.post(ROUTE, event), app.post(ROUTE, data, "ce-specversion", "1.0", "ce-id", "e1"))) {
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(json(response).get("accepted")).isEmpty();
            assertThat(json(response).at("/skipped/0/reason").textValue()).isEqualTo("noAlert");
            assertThat(json(response).get("rejected")).isEmpty();
        }
    }

    @Test
    void queuesTheGoodEventOfABatchWithBadOnes() throws Exception {
        String event = "{\"id\":\"1\",\"eventType\":\"Contoso.AlertRaised\",\"data\":{\"alertId\":%s}}";
        String batch = Stream.of("42", "\"a/b\"", "\"" + alertId + "\"")
                .map(event::formatted)
                .collect(Collectors.joining(",", "[", "]"));

        JsonNode answer = json(app.post(ROUTE, batch));

        assertThat(texts(answer.get("accepted"))).containsExactly(alertId);
        assertThat(answer.at("/rejected/0/target").textValue()).isEqualTo("[0].data.alertId");
        assertThat(answer.at("/rejected/1/target").textValue()).isEqualTo("[1].data.alertId");
        assertThat(answer.at("/rejected/1/code").textValue()).isEqualTo("InvalidAlertId");
        assertThat(app.awaitResultOf(alertId).get("alertId").textValue()).isEqualTo(alertId);
    }

    @Test
    void punishesNoSenderForABatchOfBadEvents() throws Exception {
        HttpResponse<String> response = app.post(
                ROUTE, "[{\"id\":\"1\",\"eventType\":\"Contoso.AlertRaised\",\"data\":{\"alertId\":\"a/b\"}}]");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).get("rejected")).hasSize(1);
    }

    @Test
    void queuesACloudEventInBinaryModeUnderItsOwnId() throws Exception {
        app.post(ROUTE, "{\"alertId\":\"" + alertId + "\"}", "ce-specversion", "1.0", "ce-id", "evt-7", "ce-type", "t");

        assertThat(app.awaitResultOf(alertId).get("correlationId").textValue()).isEqualTo("evt-7");
    }

    @Test
    void says400ToABodyWithoutAlerts() throws Exception {
        HttpResponse<String> response = app.post(ROUTE, "{\"hello\":\"world\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("x-ms-error-code")).contains("NoAlertId");
    }

    @Test
    void acceptsWhileDefenderIsDownAndSays503WithoutTheQueue() throws Exception {
        try (RunningApp alone = RunningApp.startWithOwnStorage("webhook-outage", Map.of())) {
            alone.defender.close();
            alone.post(ROUTE, "\"first-" + alertId + "\"");
            String hundred = IntStream.range(0, 100)
                    .mapToObj(i -> "\"" + alertId + "-" + i + "\"")
                    .collect(Collectors.joining(",", "[", "]"));

            HttpResponse<String> accepted = alone.post(ROUTE, hundred);

            assertThat(accepted.statusCode()).isEqualTo(202);
            assertThat(texts(json(accepted).get("accepted"))).hasSize(100);
            assertThat(alone.defender.requests()).isZero();

            alone.azurite().stop();
            long start = System.nanoTime();
            HttpResponse<String> refused = alone.post(ROUTE, hundred);

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("x-ms-error-code")).contains("QueueUnavailable");
            assertThat(refused.headers().firstValue("Retry-After")).contains("30");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("Event Grid waits 30 s")
                    .isLessThan(Duration.ofSeconds(30));
        }
    }

    private static List<String> texts(JsonNode array) {
        return IntStream.range(0, array.size())
                .mapToObj(i -> array.get(i).textValue())
                .toList();
    }

    private static String fixture(String name) throws IOException {
        try (InputStream in = WebhookEndToEndIT.class.getResourceAsStream("/payload/" + name + ".json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
