package dev.alertuser.functions.analyst;

import com.microsoft.azure.functions.HttpResponseMessage;
import dev.alertuser.functions.http.GivenContext;
import dev.alertuser.functions.http.GivenRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the analysts' page is like under given settings. */
public final class AnalystOutput {
    /** The delegated mode, with the platform's sign-in in front. */
    public static final Map<String, String> SIGNED_IN =
            Map.of("DELEGATED_CLIENT_ID", "11111111-2222-3333-4444-555555555555", "WEBSITE_AUTH_ENABLED", "True");

    private AnalystOutput() {}

    public static HttpResponseMessage page(Map<String, String> environment) {
        return page(environment, new ArrayList<>());
    }

    static HttpResponseMessage page(Map<String, String> environment, List<String> lines) {
        GivenRequest request = GivenRequest.get("https://app.example.com/api/analyst?code=secret")
                .with(Map.of("code", "secret"));
        return new AnalystFunction(environment).run(request, GivenContext.of("Analyst", lines));
    }
}
