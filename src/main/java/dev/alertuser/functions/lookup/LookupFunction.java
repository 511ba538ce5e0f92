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
 * {@code GET /api/lookups/{lookupId}}: polls for an answer. It takes no key, because workflow engines do not send one when they poll: the
 * id authorises the caller.
 */
public final class LookupFunction {
    private final HttpEdge edge;
    private final Lookups lookups;

    public LookupFunction() {
        this(new HttpEdge(Application::edge), Lookups.ofApp());
    }

    LookupFunction(HttpEdge edge, Lookups lookups) {
        this.edge = edge;
        this.lookups = lookups;
    }

    @FunctionName("Lookup")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.GET, HttpMethod.HEAD},
                            route = "lookups/{lookupId}",
                            authLevel = AuthorizationLevel.ANONYMOUS)
                    HttpRequestMessage<Optional<String>> request,
            @BindingName("lookupId") String lookupId,
            ExecutionContext context) {
        return edge.answerAnonymous(
                request, context, (call, responses) -> lookups.poll(call, responses, lookupId, Preferences.of(call)));
    }
}
