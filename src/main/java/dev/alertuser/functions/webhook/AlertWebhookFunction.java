package dev.alertuser.functions.webhook;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import dev.alertuser.Application;
import dev.alertuser.Application.WebhookParts;
import dev.alertuser.functions.http.HttpEdge;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code POST} and {@code OPTIONS /api/webhooks/alerts}: answers the handshakes of Event Grid, CloudEvents and Microsoft Graph, and queues
 * the alerts of their deliveries. Never calls Defender, so senders get an answer at once whatever the state of the budget.
 */
public final class AlertWebhookFunction {
    private final HttpEdge edge;
    private final Supplier<WebhookParts> parts;

    public AlertWebhookFunction() {
        this(new HttpEdge(Application::edge), Application::webhook);
    }

    AlertWebhookFunction(HttpEdge edge, Supplier<WebhookParts> parts) {
        this.edge = edge;
        this.parts = parts;
    }

    @FunctionName("AlertWebhook")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.POST, HttpMethod.OPTIONS},
                            route = "webhooks/alerts",
                            authLevel = AuthorizationLevel.FUNCTION)
                    HttpRequestMessage<Optional<String>> request,
            ExecutionContext context) {
        return edge.answer(request, context, (call, responses) -> {
            Handshake handshake = new Handshake(call, responses);
            if (call.isMethod(HttpMethod.OPTIONS)) {
                return handshake.cloudEvents(parts.get().callsPerMinute());
            } else if (handshake.isGraph()) {
                return handshake.graph();
            } else if (handshake.isEventGrid()) {
                return handshake.eventGrid();
            }
            return new WebhookDelivery(parts.get(), call, responses).accept();
        });
    }
}
