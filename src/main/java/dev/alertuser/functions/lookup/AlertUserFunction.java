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
import dev.alertuser.functions.http.HttpEdge;
import java.util.Optional;

/**
 * {@code GET /api/alerts/{id}/user}: the same path, answer and 404 as Defender's own API, so that callers need only change the host.
 */
public final class AlertUserFunction {
    private final HttpEdge edge;
    private final Lookups lookups;

    public AlertUserFunction() {
        this(new HttpEdge(Application::edge), Lookups.ofApp());
    }

    AlertUserFunction(HttpEdge edge, Lookups lookups) {
        this.edge = edge;
        this.lookups = lookups;
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
        return edge.answer(
                request, context, (call, responses) -> lookups.single(call, responses, id, Preferences.of(call)));
    }
}
