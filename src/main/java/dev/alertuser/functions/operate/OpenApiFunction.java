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

/** {@code GET /api/openapi.json}: the API document in OpenAPI 3.0.3. */
public final class OpenApiFunction {
    private final HttpEdge edge;

    public OpenApiFunction() {
        this(new HttpEdge(Application::edge));
    }

    OpenApiFunction(HttpEdge edge) {
        this.edge = edge;
    }

    @FunctionName("OpenApi")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.GET, HttpMethod.HEAD},
                            route = "openapi.json",
                            authLevel = AuthorizationLevel.ANONYMOUS)
                    HttpRequestMessage<Optional<String>> request,
            ExecutionContext context) {
        return edge.answerAnonymous(request, context, (call, responses) -> ApiDocument.openApi(responses));
    }
}
