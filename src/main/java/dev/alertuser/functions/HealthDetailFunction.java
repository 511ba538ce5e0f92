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
 * {@code GET /api/health/detail}: as {@code health/ready}, with what is wrong. A route of its own, because the platform checks keys for a
 * whole function and does not tell an anonymous one whether it was sent a good key.
 */
public final class HealthDetailFunction {
    private final Lazy<Application> application;

    public HealthDetailFunction() {
        this(Application.process());
    }

    HealthDetailFunction(Lazy<Application> application) {
        this.application = application;
    }

    @FunctionName("HealthDetail")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.GET},
                            route = "health/detail",
                            authLevel = AuthorizationLevel.FUNCTION)
                    HttpRequestMessage<Optional<String>> request,
            ExecutionContext context) {
        return HttpCall.answerWithoutBudget(
                request, context, call -> HealthResponse.ofAll(application).detail(call));
    }
}
