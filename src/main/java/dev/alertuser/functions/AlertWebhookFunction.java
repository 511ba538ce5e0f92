package dev.alertuser.functions;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import dev.alertuser.Application;
import dev.alertuser.Lazy;
import java.util.Optional;

/**
 * {@code POST} and {@code OPTIONS /api/webhooks/alerts}: answers the handshakes of Event Grid, CloudEvents and Microsoft Graph, and queues what
 * they deliver. Never calls Defender, so that senders get their answer at once whatever the state of the budget.
 */
public final class AlertWebhookFunction {
    private final Lazy<Application> application;

    public AlertWebhookFunction() {
        this(Application.process());
    }

    AlertWebhookFunction(Lazy<Application> application) {
        this.application = application;
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
        return HttpCall.answer(request, context, application, call -> {
            Handshake handshake = new Handshake(call);
            if (call.isMethod(HttpMethod.OPTIONS)) {
                return handshake.cloudEvents(application.get().settings().callsPerMinute());
            } else if (handshake.isGraph()) {
                return handshake.graph();
            } else if (handshake.isEventGrid()) {
                return handshake.eventGrid();
            }
            return new WebhookDelivery(application.get(), call).accept();
        });
    }
}
