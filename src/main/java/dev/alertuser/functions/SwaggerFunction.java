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

/** {@code GET /api/swagger.json}: this API, described in Swagger 2.0, which is what connectors of Logic Apps and Power Automate take. */
public final class SwaggerFunction {
    private final Lazy<Application> application;

    public SwaggerFunction() {
        this(Application.process());
    }

    SwaggerFunction(Lazy<Application> application) {
        this.application = application;
    }

    @FunctionName("Swagger")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.GET},
                            route = "swagger.json",
                            authLevel = AuthorizationLevel.ANONYMOUS)
                    HttpRequestMessage<Optional<String>> request,
            ExecutionContext context) {
        return HttpCall.answerAnonymous(request, context, application, ApiDocument::swagger);
    }
}
