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
import dev.alertuser.payload.AlertIds;
import dev.alertuser.payload.FoundId;
import dev.alertuser.service.PendingLookup;
import dev.alertuser.service.PendingLookup.Kind;
import java.util.Optional;

/**
 * {@code POST /api/alerts/users}: an outcome for each alert of a body, which may be a list of ids, or what an alert's sender made of it. A body
 * whose alerts are all of other products has no outcomes, and that is no error.
 */
public final class AlertUsersFunction {
    static final int MOST_ALERTS = 500;

    private final Lazy<Application> application;

    public AlertUsersFunction() {
        this(Application.process());
    }

    AlertUsersFunction(Lazy<Application> application) {
        this.application = application;
    }

    @FunctionName("AlertUsers")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.POST},
                            route = "alerts/users",
                            authLevel = AuthorizationLevel.FUNCTION)
                    HttpRequestMessage<Optional<String>> request,
            ExecutionContext context) {
        return HttpCall.answer(request, context, application, call -> {
            AlertIds ids = call.alertIds(MOST_ALERTS);
            Preferences preferences = call.preferences();
            Application app = application.get();
            PendingLookup lookup = new PendingLookup(
                    Kind.BATCH,
                    ids.found().stream().map(FoundId::alertId).toList(),
                    LeftOutJson.of(ids),
                    preferences.fresh(),
                    app.time().instant(),
                    call.correlation());
            return new LookupHandler(app, call).first(lookup, preferences);
        });
    }
}
