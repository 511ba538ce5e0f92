package dev.alertuser.functions.operate;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import dev.alertuser.Application;
import dev.alertuser.Application.HealthParts;
import dev.alertuser.functions.http.HttpEdge;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code GET /api/health/ready}: 200 if this instance can serve lookups, else 503. Gives no details, since anybody may call it. */
public final class HealthReadyFunction {
    private final HttpEdge edge;
    private final Supplier<HealthParts> parts;

    public HealthReadyFunction() {
        this(new HttpEdge(Application::edge), Application::health);
    }

    HealthReadyFunction(HttpEdge edge, Supplier<HealthParts> parts) {
        this.edge = edge;
        this.parts = parts;
    }

    @FunctionName("HealthReady")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.GET, HttpMethod.HEAD},
                            route = "health/ready",
                            authLevel = AuthorizationLevel.ANONYMOUS)
                    HttpRequestMessage<Optional<String>> request,
            ExecutionContext context) {
        return edge.answerAnonymous(
                request, context, (call, responses) -> HealthResponse.of(parts).ready(responses));
    }
}
