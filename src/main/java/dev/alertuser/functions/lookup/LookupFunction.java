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
import dev.alertuser.Application.LookupParts;
import dev.alertuser.functions.http.ApiError;
import dev.alertuser.functions.http.ErrorCode;
import dev.alertuser.functions.http.HttpEdge;
import dev.alertuser.functions.http.RequestException;
import dev.alertuser.service.alert.LookupId;
import dev.alertuser.service.alert.PendingLookup;
import dev.alertuser.service.port.PendingLookupStore.Stored;
import dev.alertuser.service.port.StoreUnavailableException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;

/**
 * {@code GET /api/lookups/{lookupId}}: polls for an answer. It takes no key, because workflow engines do not send one when they poll: the
 * id authorises the caller. The cost of such polls is bounded: for unknown ids by {@link dev.alertuser.service.AnonymousTraffic}, for known
 * ones by {@link LookupHandler}.
 */
public final class LookupFunction {
    private final HttpEdge edge;
    private final Supplier<LookupParts> parts;

    public LookupFunction() {
        this(new HttpEdge(Application::edge), Application::lookup);
    }

    LookupFunction(HttpEdge edge, Supplier<LookupParts> parts) {
        this.edge = edge;
        this.parts = parts;
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
        return edge.answerAnonymous(request, context, (call, responses) -> {
            LookupId id = LookupId.parse(lookupId).orElseThrow(LookupFunction::notFound);
            Preferences preferences = Preferences.of(call);
            LookupParts lookup = parts.get();
            Optional<Optional<Stored>> read;
            try {
                read = lookup.anonymous().read(() -> lookup.pending().find(id));
            } catch (StoreUnavailableException e) {
                if (lookup.anonymous().mayWarn()) {
                    call.log().problem(Level.SEVERE, "the table of lookups is out of reach", e);
                }
                return responses.error(ApiError.of(ErrorCode.LOOKUPS_UNAVAILABLE, null));
            }
            // The outer Optional is empty if too many reads run at once, the inner one if there is no such row.
            if (read.isEmpty()) {
                return responses.error(ApiError.of(ErrorCode.LOOKUPS_BUSY, null));
            }
            Stored stored = read.get()
                    .filter(found -> !found.lookup().isExpired(lookup.time().instant()))
                    .orElseThrow(LookupFunction::notFound);
            return new LookupHandler(lookup, call, responses).again(id, stored, preferences);
        });
    }

    private static RequestException notFound() {
        return new RequestException(
                ErrorCode.LOOKUP_NOT_FOUND,
                "There is no lookup with this id. Lookups live " + PendingLookup.LIFE.toHours() + " hours.");
    }
}
