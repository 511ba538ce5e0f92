package dev.alertuser.functions.lookup;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import dev.alertuser.Application;
import dev.alertuser.Application.LookupParts;
import dev.alertuser.functions.http.ErrorCode;
import dev.alertuser.functions.http.HttpEdge;
import dev.alertuser.functions.http.RequestException;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.InvalidAlertIdException;
import dev.alertuser.service.alert.LeftOut;
import dev.alertuser.service.alert.PendingLookup;
import dev.alertuser.service.alert.PendingLookup.Kind;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code GET /api/alerts/{id}/user}: the same path, answer and 404 as Defender's own API, so that callers need only change the host. */
public final class AlertUserFunction {
    private final HttpEdge edge;
    private final Supplier<LookupParts> parts;

    public AlertUserFunction() {
        this(new HttpEdge(Application::edge), Application::lookup);
    }

    AlertUserFunction(HttpEdge edge, Supplier<LookupParts> parts) {
        this.edge = edge;
        this.parts = parts;
    }

    @FunctionName("AlertUser")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.GET, HttpMethod.HEAD},
                            route = "alerts/{id}/user",
                            authLevel = AuthorizationLevel.FUNCTION)
                    HttpRequestMessage<Optional<String>> request,
            @BindingName("id") String id,
            ExecutionContext context) {
        return edge.answer(request, context, (call, responses) -> {
            AlertId alertId = parse(id);
            Preferences preferences = Preferences.of(call);
            LookupParts lookup = parts.get();
            PendingLookup pending = new PendingLookup(
                    Kind.SINGLE,
                    List.of(alertId),
                    LeftOut.NOTHING,
                    preferences.fresh(),
                    lookup.time().instant(),
                    call.correlation());
            return new LookupHandler(lookup, call, responses).first(pending, preferences);
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
