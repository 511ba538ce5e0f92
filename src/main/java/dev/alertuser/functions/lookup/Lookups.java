package dev.alertuser.functions.lookup;

import com.microsoft.azure.functions.HttpResponseMessage;
import dev.alertuser.Application;
import dev.alertuser.Application.LookupParts;
import dev.alertuser.functions.http.ApiError;
import dev.alertuser.functions.http.ErrorCode;
import dev.alertuser.functions.http.HttpCall;
import dev.alertuser.functions.http.LeftOutJson;
import dev.alertuser.functions.http.RequestException;
import dev.alertuser.functions.http.Responses;
import dev.alertuser.payload.AlertIds;
import dev.alertuser.payload.FoundId;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.InvalidAlertIdException;
import dev.alertuser.service.alert.LeftOut;
import dev.alertuser.service.alert.LookupId;
import dev.alertuser.service.alert.PendingLookup;
import dev.alertuser.service.alert.PendingLookup.Kind;
import dev.alertuser.service.port.PendingLookupStore.Stored;
import dev.alertuser.service.port.StoreUnavailableException;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;

/**
 * The three things that callers of lookups do: ask for one alert, ask for many, and poll. Whoever asks as a user is looked at first, so that
 * nobody without a sign-in costs more; in the app's name, what is wrong with a request is said before the app is built.
 */
final class Lookups {
    private final Askers askers;

    Lookups(Askers askers) {
        this.askers = askers;
    }

    /** Those of this process. */
    static Lookups ofApp() {
        return new Lookups(new Askers(Application::lookup, Application::delegated));
    }

    /** Asks for the user of one alert. */
    HttpResponseMessage single(HttpCall call, Responses responses, String id, Preferences preferences)
            throws InterruptedException {
        Optional<LookupParts> user = askers.user(call, responses, preferences);
        AlertId alertId = parse(id);
        LookupParts parts = user.orElseGet(askers::app);
        PendingLookup pending = new PendingLookup(
                Kind.SINGLE,
                List.of(alertId),
                LeftOut.NOTHING,
                preferences.fresh(),
                parts.time().instant(),
                call.correlation());
        return new LookupHandler(parts, call, responses).first(pending, preferences);
    }

    private static AlertId parse(String id) {
        try {
            return AlertId.parse(id);
        } catch (InvalidAlertIdException e) {
            throw new RequestException(ErrorCode.INVALID_ALERT_ID, e.getMessage());
        }
    }

    /** Asks for the users of the alerts in the body. */
    HttpResponseMessage batch(HttpCall call, Responses responses, Preferences preferences) throws InterruptedException {
        Optional<LookupParts> user = askers.user(call, responses, preferences);
        AlertIds ids = call.alertIds();
        LookupParts parts = user.orElseGet(askers::app);
        PendingLookup pending = new PendingLookup(
                Kind.BATCH,
                ids.found().stream().map(FoundId::alertId).toList(),
                LeftOutJson.of(ids),
                preferences.fresh(),
                parts.time().instant(),
                call.correlation());
        return new LookupHandler(parts, call, responses).first(pending, preferences);
    }

    /**
     * Polls for an answer. The cost of such polls is bounded: for unknown ids by {@link dev.alertuser.service.AnonymousTraffic}, for known
     * ones by {@link LookupHandler}.
     */
    HttpResponseMessage poll(HttpCall call, Responses responses, String lookupId, Preferences preferences)
            throws InterruptedException {
        Optional<LookupParts> user = askers.user(call, responses, preferences);
        LookupId id = LookupId.parse(lookupId).orElseThrow(Lookups::notFound);
        LookupParts parts = user.orElseGet(askers::app);
        Optional<Optional<Stored>> read;
        try {
            read = parts.anonymous().read(() -> parts.pending().find(id));
        } catch (StoreUnavailableException e) {
            if (parts.anonymous().mayWarn()) {
                call.log().problem(Level.SEVERE, "the table of lookups is out of reach", e);
            }
            return responses.error(ApiError.of(ErrorCode.LOOKUPS_UNAVAILABLE, null));
        }
        // The outer Optional is empty if too many reads run at once, the inner one if there is no such row.
        if (read.isEmpty()) {
            return responses.error(ApiError.of(ErrorCode.LOOKUPS_BUSY, null));
        }
        Stored stored = read.get()
                .filter(found -> !found.lookup().isExpired(parts.time().instant()))
                .orElseThrow(Lookups::notFound);
        return new LookupHandler(parts, call, responses).again(id, stored, preferences);
    }

    private static RequestException notFound() {
        return new RequestException(
                ErrorCode.LOOKUP_NOT_FOUND,
                "There is no lookup with this id. Lookups live " + PendingLookup.LIFE.toHours() + " hours.");
    }
}
