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

/** {@code GET /api/health/live}: the worker runs functions. Depends on nothing: the app is not built for it. */
public final class HealthLiveFunction {
    private final Lazy<Application> application;

    public HealthLiveFunction() {
        this(Application.process());
    }

    HealthLiveFunction(Lazy<Application> application) {
        this.application = application;
    }

    @FunctionName("HealthLive")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.GET},
                            route = "health/live",
                            authLevel = AuthorizationLevel.ANONYMOUS)
                    HttpRequestMessage<Optional<String>> request,
            ExecutionContext context) {
        return HttpCall.answerAnonymous(request, context, application, HealthResponse::live);
    }
}
