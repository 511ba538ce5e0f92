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

/** {@code GET /api/swagger.json}: the API document in Swagger 2.0, the format of connectors of Logic Apps and Power Automate. */
public final class SwaggerFunction {
    private final HttpEdge edge;

    public SwaggerFunction() {
        this(new HttpEdge(Application::edge));
    }

    SwaggerFunction(HttpEdge edge) {
        this.edge = edge;
    }

    @FunctionName("Swagger")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.GET, HttpMethod.HEAD},
                            route = "swagger.json",
                            authLevel = AuthorizationLevel.ANONYMOUS)
                    HttpRequestMessage<Optional<String>> request,
            ExecutionContext context) {
        return edge.answerAnonymous(request, context, (call, responses) -> ApiDocument.swagger(responses));
    }
}
