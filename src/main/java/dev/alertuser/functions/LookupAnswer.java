package dev.alertuser.functions;

import com.microsoft.azure.functions.HttpResponseMessage;
import dev.alertuser.Application;
import dev.alertuser.service.AlertId;
import dev.alertuser.service.Asked;
import dev.alertuser.service.Lookup;
import dev.alertuser.service.LookupId;
import dev.alertuser.service.LookupResult;
import dev.alertuser.service.LookupStoreException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/**
 * Settles what it can of a lookup and answers. The first call and those that come back for the answer go the same way, so they are answered
 * alike.
 *
 * <p>A caller who would rather come back gets {@code 202} as long as waiting alone may help (see {@link LookupResult.Reason#passes}): a busy
 * budget, a pause, an outage of Defender, of the identity endpoint or of the counter. What needs somebody to act is an error for it as for
 * others; so is everything while no lookup can be stored, because a {@code 202} without a place to come back to would be a dead end.
 */
final class LookupAnswer {
    private final Application app;
    private final HttpCall call;

    LookupAnswer(Application app, HttpCall call) {
        this.app = app;
        this.call = call;
    }

    /** Answers the call that asks. */
    HttpResponseMessage first(Lookup lookup, Preferences preferences) throws InterruptedException {
        return of(lookup, preferences, preferences.async() ? () -> app.lookups().add(lookup) : null);
    }

    /** Answers one who comes back. */
    HttpResponseMessage again(LookupId id, Lookup lookup, Preferences preferences) throws InterruptedException {
        call.continues(lookup.correlation());
        return of(lookup, preferences.comingBack(), () -> id);
    }

    /** @param comeBack gives the id to come back with; null for a caller who wants its answer now */
    private HttpResponseMessage of(Lookup lookup, Preferences preferences, @Nullable Supplier<LookupId> comeBack)
            throws InterruptedException {
        Duration wait = call.honourWait(preferences, app.settings());
        return switch (lookup.kind()) {
            case SINGLE -> single(lookup, wait, comeBack);
            case BATCH -> batch(lookup, wait, comeBack);
        };
    }

    private HttpResponseMessage single(Lookup lookup, Duration wait, @Nullable Supplier<LookupId> comeBack)
            throws InterruptedException {
        AlertId alertId = lookup.alertIds().get(0);
        Asked asked = app.service().find(lookup.question(alertId, wait));
        call.log().lookup(alertId, asked);
        LookupResult result = asked.result();
        Optional<HttpResponseMessage> pending = pending(List.of(result), comeBack);
        return pending.isPresent()
                ? pending.get()
                : new AlertUserAnswer(call, app.settings(), app.time().instant()).of(alertId, result);
    }

    private HttpResponseMessage batch(Lookup lookup, Duration wait, @Nullable Supplier<LookupId> comeBack)
            throws InterruptedException {
        Map<AlertId, LookupResult> results = new LinkedHashMap<>();
        app.users().find(lookup, wait).forEach((alertId, asked) -> {
            call.log().lookup(alertId, asked);
            results.put(alertId, asked.result());
        });
        AlertUsersAnswer answer = new AlertUsersAnswer(results, lookup.skipped());
        call.log().put(CallLog.Field.SKIPPED, lookup.skipped());
        Optional<HttpResponseMessage> pending = pending(results.values(), comeBack);
        return pending.isPresent() ? pending.get() : answer.to(call);
    }

    private Optional<HttpResponseMessage> pending(
            Collection<LookupResult> results, @Nullable Supplier<LookupId> comeBack) {
        Optional<Duration> retryAfter = AlertUsersAnswer.retryAfter(results);
        if (comeBack == null || retryAfter.isEmpty()) {
            return Optional.empty();
        }
        try {
            LookupId id = comeBack.get();
            call.honour("respond-async");
            return Optional.of(new PendingAnswer(call, app.settings()).of(id, retryAfter.get(), Json.object()));
        } catch (LookupStoreException e) {
            call.log().problem(Level.WARNING, "no lookup can be stored, so the caller is answered now", e);
            return Optional.empty();
        }
    }
}
