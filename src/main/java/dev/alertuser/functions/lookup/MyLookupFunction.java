package dev.alertuser.functions.lookup;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import dev.alertuser.Application;
import dev.alertuser.functions.http.HttpEdge;
import java.util.Optional;

/**
 * {@code GET /api/me/lookups/{lookupId}}: polls for an answer that was asked for with a user's rights. Only that user finds the lookup.
 */
public final class MyLookupFunction {
    private final HttpEdge edge;
    private final Lookups lookups;

    public MyLookupFunction() {
        this(new HttpEdge(Application::edge), Lookups.ofApp());
    }

    MyLookupFunction(HttpEdge edge, Lookups lookups) {
        this.edge = edge;
        this.lookups = lookups;
    }

    @FunctionName("MyLookup")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.GET, HttpMethod.HEAD},
                            route = "me/lookups/{lookupId}",
                            authLevel = AuthorizationLevel.ANONYMOUS)
                    HttpRequestMessage<Optional<String>> request,
            @BindingName("lookupId") String lookupId,
            ExecutionContext context) {
        return edge.answerAnonymous(
                request,
                context,
                (call, responses) -> lookups.poll(
                        call, responses, lookupId, Preferences.of(call).asCaller()));
    }
}
