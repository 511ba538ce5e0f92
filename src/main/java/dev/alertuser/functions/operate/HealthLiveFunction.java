package dev.alertuser.functions.operate;

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

/** {@code GET /api/health/live}: 200 if the worker runs functions. Depends on nothing and does not build the app. */
public final class HealthLiveFunction {
    private final HttpEdge edge;

    public HealthLiveFunction() {
        this(new HttpEdge(Application::edge));
    }

    HealthLiveFunction(HttpEdge edge) {
        this.edge = edge;
    }

    @FunctionName("HealthLive")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.GET, HttpMethod.HEAD},
                            route = "health/live",
                            authLevel = AuthorizationLevel.ANONYMOUS)
                    HttpRequestMessage<Optional<String>> request,
            ExecutionContext context) {
        return edge.answerAnonymous(request, context, (call, responses) -> HealthResponse.live(responses));
    }
}
