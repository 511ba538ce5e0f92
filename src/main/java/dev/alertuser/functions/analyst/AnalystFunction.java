package dev.alertuser.functions.analyst;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import dev.alertuser.functions.http.HttpEdge;
import dev.alertuser.functions.http.InlinePage;
import java.util.Map;
import java.util.Optional;

/**
 * {@code GET /api/analyst}: a page that asks for the users of alerts and shows them. It holds no secret and no answer, so it needs neither a
 * key nor the app: its own requests need the analyst's sign-in or a key.
 */
public final class AnalystFunction {
    private final HttpEdge edge = HttpEdge.withoutApp();
    private final Map<String, String> environment;

    public AnalystFunction() {
        this(System.getenv());
    }

    AnalystFunction(Map<String, String> environment) {
        this.environment = environment;
    }

    @FunctionName("Analyst")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.GET, HttpMethod.HEAD},
                            route = "analyst",
                            authLevel = AuthorizationLevel.ANONYMOUS)
                    HttpRequestMessage<Optional<String>> request,
            ExecutionContext context) {
        return edge.answerAnonymous(
                request, context, (call, responses) -> page().respond(responses).build());
    }

    /** The server tells the page one thing: whose rights it asks with. */
    private InlinePage page() {
        InlinePage page = InlinePage.load(
                AnalystFunction.class,
                "analyst",
                "reading",
                "words",
                "request",
                "asking",
                "sign-in",
                "showing",
                "copying");
        String asks = asksAsTheAnalyst() ? "me" : "key";
        return new InlinePage(page.html().replace("{{asks}}", asks), page.contentSecurityPolicy());
    }

    /** The delegated mode is on, and the platform's sign-in, without which it is refused, is in front. */
    private boolean asksAsTheAnalyst() {
        return !environment.getOrDefault("DELEGATED_CLIENT_ID", "").isBlank()
                && "true".equalsIgnoreCase(environment.get("WEBSITE_AUTH_ENABLED"));
    }
}
