package dev.alertuser.functions.lookup;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import dev.alertuser.Application;
import dev.alertuser.Application.LookupParts;
import dev.alertuser.functions.http.HttpEdge;
import dev.alertuser.functions.http.LeftOutJson;
import dev.alertuser.payload.AlertIds;
import dev.alertuser.payload.FoundId;
import dev.alertuser.service.alert.PendingLookup;
import dev.alertuser.service.alert.PendingLookup.Kind;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code POST /api/alerts/users}: an outcome for each alert of a body, which is a list of ids or the payload of an alert's sender. A body
 * with alerts of other products only has no outcomes, which is not an error.
 */
public final class AlertUsersFunction {
    private final HttpEdge edge;
    private final Supplier<LookupParts> parts;

    public AlertUsersFunction() {
        this(new HttpEdge(Application::edge), Application::lookup);
    }

    AlertUsersFunction(HttpEdge edge, Supplier<LookupParts> parts) {
        this.edge = edge;
        this.parts = parts;
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
        return edge.answer(request, context, (call, responses) -> {
            AlertIds ids = call.alertIds();
            Preferences preferences = Preferences.of(call);
            LookupParts lookup = parts.get();
            PendingLookup pending = new PendingLookup(
                    Kind.BATCH,
                    ids.found().stream().map(FoundId::alertId).toList(),
                    LeftOutJson.of(ids),
                    preferences.fresh(),
                    lookup.time().instant(),
                    call.correlation());
            return new LookupHandler(lookup, call, responses).first(pending, preferences);
        });
    }
}
