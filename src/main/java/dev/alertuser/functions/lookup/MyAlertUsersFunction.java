package dev.alertuser.functions.lookup;

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

/**
 * {@code POST /api/me/alerts/users}: {@link AlertUsersFunction} with the rights of the user who has signed in, and without a key.
 */
public final class MyAlertUsersFunction {
    private final HttpEdge edge;
    private final Lookups lookups;

    public MyAlertUsersFunction() {
        this(new HttpEdge(Application::edge), Lookups.ofApp());
    }

    MyAlertUsersFunction(HttpEdge edge, Lookups lookups) {
        this.edge = edge;
        this.lookups = lookups;
    }

    @FunctionName("MyAlertUsers")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.POST},
                            route = "me/alerts/users",
                            authLevel = AuthorizationLevel.ANONYMOUS)
                    HttpRequestMessage<Optional<String>> request,
            ExecutionContext context) {
        return edge.answerAnonymous(
                request,
                context,
                (call, responses) ->
                        lookups.batch(call, responses, Preferences.of(call).asCaller()));
    }
}
