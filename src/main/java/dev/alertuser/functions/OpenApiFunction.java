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

/** {@code GET /api/openapi.json}: this API, described in OpenAPI 3.0.3. */
public final class OpenApiFunction {
    private final Lazy<Application> application;

    public OpenApiFunction() {
        this(Application.process());
    }

    OpenApiFunction(Lazy<Application> application) {
        this.application = application;
    }

    @FunctionName("OpenApi")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.GET},
                            route = "openapi.json",
                            authLevel = AuthorizationLevel.ANONYMOUS)
                    HttpRequestMessage<Optional<String>> request,
            ExecutionContext context) {
        return HttpCall.answerAnonymous(request, context, application, ApiDocument::openApi);
    }
}
