package dev.alertuser.functions.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpResponseMessage;
import dev.alertuser.Application.WebhookParts;
import dev.alertuser.config.ClientState;
import dev.alertuser.functions.http.GivenContext;
import dev.alertuser.functions.http.GivenRequest;
import dev.alertuser.functions.http.HttpEdge;
import dev.alertuser.service.Parallel;
import dev.alertuser.service.port.MessageQueue;
import dev.alertuser.service.port.MessageQueueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AlertWebhookFunctionTest {
    private static final String URL = "https://app.example.com/api/webhooks/alerts";

    private final MessageQueue requests = mock(MessageQueue.class);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> lines = new ArrayList<>();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void queuesAMessageForEachAlertOfADelivery() {
        HttpResponseMessage response = deliver("[\"da1\",\"da2\"]");

        assertThat(response.getStatusCode()).isEqualTo(202);
        assertThat((String) response.getBody()).startsWith("{\"accepted\":[\"da1\",\"da2\"]");
        for (String id : List.of("da1", "da2")) {
            verify(requests)
                    .send(
                            "{\"alertId\":\"" + id + "\",\"correlationId\":\"" + GivenContext.INVOCATION_ID + "\"}",
                            Duration.ZERO);
        }
        assertThat(lines).singleElement().asString().contains("\"alerts\":2");
    }

    @Test
    void acceptsADeliveryWithoutAlerts() {
        HttpResponseMessage response = deliver("{\"incidentNumber\":7,\"alerts\":[]}");

        assertThat(response.getStatusCode()).isEqualTo(200);
        verifyNoInteractions(requests);
    }

    @Test
    void refusesADeliveryWithAnotherClientStateAsAWhole() {
        HttpResponseMessage response = deliver("""
                {"value":[{"changeType":"created","clientState":"agreed","resourceData":{"id":"da1"}},
                  {"changeType":"created","clientState":"forged","resourceData":{"id":"da2"}}]}
                """);

        assertThat(response.getStatusCode()).isEqualTo(403);
        assertThat(response.getHeader("x-ms-error-code")).isEqualTo("ClientStateMismatch");
        verifyNoInteractions(requests);
    }

    @Test
    void promisesNothingWhileTheQueueIsOutOfReach() {
        doThrow(new MessageQueueException("out of reach", null)).when(requests).send(any(), any());

        HttpResponseMessage response = deliver("[\"da1\"]");

        assertThat(response.getStatusCode()).isEqualTo(503);
        assertThat(response.getHeader("Retry-After")).isEqualTo("30");
    }

    @Test
    void answersTheHandshakeOfCloudEvents() {
        HttpResponseMessage response = run(new GivenRequest(
                HttpMethod.OPTIONS, URL, Map.of("webhook-request-origin", "events.example.com"), Map.of(), null));

        assertThat(response.getStatusCode()).isEqualTo(200);
        assertThat(response.getHeader("WebHook-Allowed-Origin")).isEqualTo("events.example.com");
        assertThat(response.getHeader("WebHook-Allowed-Rate")).isEqualTo("25");
    }

    @Test
    void answersTheHandshakeOfGraphAsPlainText() {
        HttpResponseMessage response =
                run(GivenRequest.post(URL, "").with(Map.of("validationToken", "Validation: <b>1</b>")));

        assertThat(response.getHeader("Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(response.getBody()).isEqualTo("Validation: &lt;b&gt;1&lt;/b&gt;");
    }

    @Test
    void answersTheHandshakeOfEventGridWithItsCode() {
        HttpResponseMessage response = run(new GivenRequest(
                HttpMethod.POST, URL, Map.of("aeg-event-type", "SubscriptionValidation"), Map.of(), """
                [{"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","data":{"validationCode":"512d38b6"}}]
                """));

        assertThat(response.getStatusCode()).isEqualTo(200);
        assertThat(response.getBody()).isEqualTo("{\"validationResponse\":\"512d38b6\"}");
        verifyNoInteractions(requests);
    }

    private HttpResponseMessage deliver(String body) {
        return run(GivenRequest.post(URL, body));
    }

    private HttpResponseMessage run(GivenRequest request) {
        WebhookParts parts = new WebhookParts(requests, new Parallel(threads), new ClientState("agreed"), 25);
        return new AlertWebhookFunction(HttpEdge.withoutApp(), () -> parts)
                .run(request, GivenContext.of("AlertWebhook", lines));
    }
}
