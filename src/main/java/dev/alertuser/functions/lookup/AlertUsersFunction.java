package dev.alertuser.functions.lookup;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import dev.alertuser.Application;
import dev.alertuser.functions.http.HttpEdge;
import java.util.Optional;

/**
 * {@code POST /api/alerts/users}: an outcome for each alert of a body, which is a list of ids or the payload of an alert's sender. A body
 * with alerts of other products only has no outcomes, which is not an error.
 */
public final class AlertUsersFunction {
    private final HttpEdge edge;
    private final Lookups lookups;

    public AlertUsersFunction() {
        this(new HttpEdge(Application::edge), Lookups.ofApp());
    }

    AlertUsersFunction(HttpEdge edge, Lookups lookups) {
        this.edge = edge;
        this.lookups = lookups;
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
        return edge.answer(request, context, (call, responses) -> lookups.batch(call, responses, Preferences.of(call)));
    }
}
