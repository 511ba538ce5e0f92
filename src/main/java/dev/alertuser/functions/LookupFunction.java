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
import dev.alertuser.service.LookupId;
import dev.alertuser.service.PendingLookup;
import dev.alertuser.service.PendingLookupStore.Stored;
import dev.alertuser.service.StoreUnavailableException;
import java.util.Optional;
import java.util.logging.Level;

/**
 * {@code GET /api/lookups/{lookupId}}: comes back for an answer. It takes no key, because workflow engines do not send one along when they poll:
 * the id is the right to the answer. What such callers can cost is bounded: by {@link dev.alertuser.service.AnonymousTraffic} for ids that are none, by
 * {@link LookupHandler} for the others.
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
        return HttpCall.answerAnonymous(request, context, application, call -> {
            LookupId id = LookupId.parse(lookupId).orElseThrow(LookupFunction::notFound);
            Preferences preferences = call.preferences();
            Application app = application.get();
            Optional<Optional<Stored>> read;
            try {
                read = app.anonymous().read(() -> app.lookups().find(id));
            } catch (StoreUnavailableException e) {
                if (app.anonymous().mayWarn()) {
                    call.log().problem(Level.SEVERE, "the table of lookups is out of reach", e);
                }
                return call.error(ApiError.of(ErrorCode.LOOKUPS_UNAVAILABLE, null));
            }
            if (read.isEmpty()) {
                return call.error(ApiError.of(ErrorCode.LOOKUPS_BUSY, null));
            }
            Stored stored = read.get()
                    .filter(found -> !found.lookup().isExpired(app.time().instant()))
                    .orElseThrow(LookupFunction::notFound);
            return new LookupHandler(app, call).again(id, stored, preferences);
        });
    }

    private static RequestException notFound() {
        return new RequestException(
                ErrorCode.LOOKUP_NOT_FOUND,
                "There is no lookup with this id. Lookups live " + PendingLookup.LIFE.toHours() + " hours.");
    }
}
