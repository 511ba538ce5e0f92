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

/**
 * {@code GET /api/health/detail}: {@code health/ready} with the faults and the release. It has a route of its own because the platform checks keys per
 * function and does not tell an anonymous function whether the request had a valid key.
 */
public final class HealthDetailFunction {
    private final HttpEdge edge;
    private final Supplier<HealthParts> parts;

    public HealthDetailFunction() {
        this(HttpEdge.withoutApp(), Application::health);
    }

    HealthDetailFunction(HttpEdge edge, Supplier<HealthParts> parts) {
        this.edge = edge;
        this.parts = parts;
    }

    @FunctionName("HealthDetail")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.GET, HttpMethod.HEAD},
                            route = "health/detail",
                            authLevel = AuthorizationLevel.FUNCTION)
                    HttpRequestMessage<Optional<String>> request,
            ExecutionContext context) {
        return edge.answer(
                request,
                context,
                (call, responses) -> HealthResponse.ofAll(parts).detail(responses, Release.packaged()));
    }
}
