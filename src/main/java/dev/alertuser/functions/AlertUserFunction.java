package dev.alertuser.functions;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import dev.alertuser.Application;
import dev.alertuser.Lazy;
import dev.alertuser.service.AlertId;
import dev.alertuser.service.InvalidAlertIdException;
import dev.alertuser.service.LeftOut;
import dev.alertuser.service.PendingLookup;
import dev.alertuser.service.PendingLookup.Kind;
import java.util.List;
import java.util.Optional;

/** {@code GET /api/alerts/{id}/user}: path, answer and 404 as Defender has them, so that callers need only change the host. */
public final class AlertUserFunction {
    private final Lazy<Application> application;

    public AlertUserFunction() {
        this(Application.process());
    }

    AlertUserFunction(Lazy<Application> application) {
        this.application = application;
    }

    @FunctionName("AlertUser")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.GET},
                            route = "alerts/{id}/user",
                            authLevel = AuthorizationLevel.FUNCTION)
                    HttpRequestMessage<Optional<String>> request,
            @BindingName("id") String id,
            ExecutionContext context) {
        return HttpCall.answer(request, context, application, call -> {
            AlertId alertId = parse(id);
            Preferences preferences = call.preferences();
            Application app = application.get();
            PendingLookup lookup = new PendingLookup(
                    Kind.SINGLE,
                    List.of(alertId),
                    LeftOut.NOTHING,
                    preferences.fresh(),
                    app.time().instant(),
                    call.correlation());
            return new LookupHandler(app, call).first(lookup, preferences);
        });
    }

    private static AlertId parse(String id) {
        try {
            return AlertId.parse(id);
        } catch (InvalidAlertIdException e) {
            throw new RequestException(ErrorCode.INVALID_ALERT_ID, e.getMessage());
        }
    }
}
