package dev.alertuser.functions;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import dev.alertuser.Application;
import dev.alertuser.Lazy;
import dev.alertuser.service.Lookup;
import dev.alertuser.service.LookupId;
import java.util.Optional;

/**
 * {@code GET /api/lookups/{lookupId}}: comes back for an answer. It takes no key, because workflow engines do not send one along when they poll:
 * the id is the right to the answer.
 */
public final class LookupFunction {
    private final Lazy<Application> application;

    public LookupFunction() {
        this(Application.process());
    }

    LookupFunction(Lazy<Application> application) {
        this.application = application;
    }

    @FunctionName("Lookup")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.GET},
                            route = "lookups/{lookupId}",
                            authLevel = AuthorizationLevel.ANONYMOUS)
                    HttpRequestMessage<Optional<String>> request,
            @BindingName("lookupId") String lookupId,
            ExecutionContext context) {
        return HttpCall.answer(request, context, application, call -> {
            Preferences preferences = call.preferences();
            Application app = application.get();
            LookupId id = LookupId.parse(lookupId).orElseThrow(LookupFunction::notFound);
            Lookup lookup = app.lookups()
                    .find(id)
                    .filter(found -> !found.isExpired(app.time().instant()))
                    .orElseThrow(LookupFunction::notFound);
            return new LookupAnswer(app, call).again(id, lookup, preferences);
        });
    }

    private static RequestException notFound() {
        return new RequestException(
                ErrorCode.LOOKUP_NOT_FOUND,
                "There is no lookup with this id. Lookups live " + Lookup.LIFE.toHours() + " hours.");
    }
}
