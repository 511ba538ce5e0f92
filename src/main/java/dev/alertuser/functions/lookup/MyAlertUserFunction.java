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
 * {@code GET /api/me/alerts/{id}/user}: {@link AlertUserFunction} with the rights of the user who has signed in. It takes no key: with one,
 * a user could ask with the app's rights.
 */
public final class MyAlertUserFunction {
    private final HttpEdge edge;
    private final Lookups lookups;

    public MyAlertUserFunction() {
        this(new HttpEdge(Application::edge), Lookups.ofApp());
    }

    MyAlertUserFunction(HttpEdge edge, Lookups lookups) {
        this.edge = edge;
        this.lookups = lookups;
    }

    @FunctionName("MyAlertUser")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.GET, HttpMethod.HEAD},
                            route = "me/alerts/{id}/user",
                            authLevel = AuthorizationLevel.ANONYMOUS)
                    HttpRequestMessage<Optional<String>> request,
            @BindingName("id") String id,
            ExecutionContext context) {
        return edge.answerAnonymous(
                request,
                context,
                (call, responses) ->
                        lookups.single(call, responses, id, Preferences.of(call).asCaller()));
    }
}
