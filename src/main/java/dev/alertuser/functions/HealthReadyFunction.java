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

/** {@code GET /api/health/ready}: 200 if this instance can serve lookups, else 503. Says no more, since anybody may ask. */
public final class HealthReadyFunction {
    private final Lazy<Application> application;

    public HealthReadyFunction() {
        this(Application.process());
    }

    HealthReadyFunction(Lazy<Application> application) {
        this.application = application;
    }

    @FunctionName("HealthReady")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.GET},
                            route = "health/ready",
                            authLevel = AuthorizationLevel.ANONYMOUS)
                    HttpRequestMessage<Optional<String>> request,
            ExecutionContext context) {
        return HttpCall.answerAnonymous(
                request,
                context,
                application,
                call -> HealthResponse.of(application).ready(call));
    }
}
