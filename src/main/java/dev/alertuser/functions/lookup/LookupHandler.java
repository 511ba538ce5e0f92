package dev.alertuser.functions.lookup;

import com.microsoft.azure.functions.HttpResponseMessage;
import dev.alertuser.Application.LookupParts;
import dev.alertuser.functions.http.CallLog;
import dev.alertuser.functions.http.HttpCall;
import dev.alertuser.functions.http.Responses;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.LeftOut;
import dev.alertuser.service.alert.LookupId;
import dev.alertuser.service.alert.LookupOutcome;
import dev.alertuser.service.alert.LookupProgress;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.alert.PendingLookup;
import dev.alertuser.service.port.PendingLookupStore.Stored;
import dev.alertuser.service.port.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;

/**
 * Settles as much of a lookup as it can and answers. The first call and its polls take the same path, so they are answered alike.
 *
 * <p>An asynchronous caller gets {@code 202} as long as waiting alone may help (see {@link LookupResult.Reason#passes}): a busy budget, a
 * pause, an outage of Defender, of the identity endpoint or of the counter. An obstacle that needs an operator is an error for it as for
 * others; so is a lookup that cannot be stored, because after a {@code 202} there would be nothing to poll.
 *
 * <p>A poll needs no key, so the lookup's row bounds its cost:
 *
 * <ol>
 *   <li>Before its {@code Retry-After} a poll is answered from the row: it takes no permit and reads nothing else. A poll that comes then
 *       finds the lookup's first place in line, since no backoff is added to the time of a place.
 *   <li>Of concurrent polls only one works on the lookup: it claims the row by a conditional write. The others get {@code 202}.
 *   <li>Once all alerts are settled, the row holds the answer.
 *   <li>The permits of one lookup are bounded. A lookup that has spent them is settled with the results that it has.
 * </ol>
 */
final class LookupHandler {
    /** A claim holds for the poll's wait and this time, should the process end: token, call and table take some ten seconds each. */
    private static final Duration LONGEST_WORK = Duration.ofSeconds(40);

    /** {@code Retry-After} of a poll that meets another poll of the same lookup. */
    private static final Duration CLAIMED = Duration.ofSeconds(1);

    private static final int MOST_DOUBLINGS = 4;

    private final LookupParts parts;
    private final HttpCall call;
    private final Responses responses;

    LookupHandler(LookupParts parts, HttpCall call, Responses responses) {
        this.parts = parts;
        this.call = call;
        this.responses = responses;
    }

    /** Answers the first call. */
    HttpResponseMessage first(PendingLookup lookup, Preferences preferences) throws InterruptedException {
        Outcome outcome = lookUp(lookup, honouredWait(preferences));
        Optional<Duration> retryAfter = retryAfter(outcome.results.values());
        if (!preferences.async() || retryAfter.isEmpty()) {
            return answer(lookup, outcome.results);
        }
        Instant notBefore = now().plus(PendingResponse.bounded(retryAfter.get()));
        LookupId id = parts.pending().add(lookup, LookupProgress.pending(notBefore, outcome.permits));
        return pending(id, until(notBefore));
    }

    /** Answers a poll. */
    HttpResponseMessage again(LookupId id, Stored stored, Preferences preferences) throws InterruptedException {
        PendingLookup lookup = stored.lookup();
        LookupProgress progress = stored.progress();
        responses.continues(lookup.correlation());
        Duration wait = honouredWait(preferences.comingBack());
        Instant now = now();
        if (!progress.isDue(now) || progress.permits() >= lookup.mostPermits()) {
            return fromRow(id, lookup, progress, now);
        }
        // A lost race is no error: the poll that claimed the row first stores the progress.
        LookupProgress claim = progress.notBefore(now.plus(wait).plus(LONGEST_WORK));
        Optional<Stored> claimed = parts.pending().replace(id, stored, claim);
        return claimed.isPresent() ? workOn(id, claimed.get(), wait) : pending(id, CLAIMED);
    }

    /** The wait of this caller. If the caller named one, all later responses announce it as an applied preference. */
    private Duration honouredWait(Preferences preferences) {
        Duration wait = parts.waits().honoured(preferences.maxWait(), preferences.async());
        if (preferences.maxWait().isPresent()) {
            responses.applied("wait=" + wait.toSeconds());
        }
        return wait;
    }

    private HttpResponseMessage fromRow(LookupId id, PendingLookup lookup, LookupProgress progress, Instant now) {
        Duration left = progress.notBefore()
                .filter(now::isBefore)
                .map(notBefore -> Duration.between(now, notBefore))
                .orElse(PendingResponse.LONGEST_PAUSE);
        return progress.results()
                .map(results -> answer(lookup, carriedForward(results, left)))
                .orElseGet(() -> pending(id, left));
    }

    /** The stored results, with the remaining time as {@code retryAfter}. */
    private static Map<AlertId, LookupResult> carriedForward(Map<AlertId, LookupResult> results, Duration left) {
        Map<AlertId, LookupResult> now = new LinkedHashMap<>(results);
        now.replaceAll((alertId, result) -> result instanceof Deferred deferred ? retryAfter(deferred, left) : result);
        return now;
    }

    private HttpResponseMessage workOn(LookupId id, Stored claimed, Duration wait) throws InterruptedException {
        PendingLookup lookup = claimed.lookup();
        Outcome outcome = lookUp(lookup, wait);
        int permits = claimed.progress().permits() + outcome.permits;
        // Each alert may cost one permit; what was spent beyond that settled nothing.
        int inVain = permits - lookup.alertIds().size();
        Optional<Duration> retryAfter = retryAfter(lengthened(outcome.results.values(), inVain));
        if (retryAfter.isPresent() && permits < lookup.mostPermits()) {
            Instant notBefore = now().plus(PendingResponse.bounded(retryAfter.get()));
            store(id, claimed, LookupProgress.pending(notBefore, permits));
            return pending(id, until(notBefore));
        }
        Optional<Instant> notBefore = longestPause(outcome.results.values()).map(now()::plus);
        store(id, claimed, new LookupProgress(notBefore, permits, Optional.of(outcome.results)));
        return answer(lookup, outcome.results);
    }

    /**
     * Exponential backoff: the times double with each permit that the lookup has spent in vain. Not that of a place in line, which would
     * lapse before a later poll came.
     */
    private static List<LookupResult> lengthened(Collection<LookupResult> results, int inVain) {
        long factor = 1L << Math.max(0, Math.min(inVain, MOST_DOUBLINGS));
        return results.stream()
                .map(result -> result instanceof Deferred deferred && deferred.reason() != Reason.BUDGET_EXHAUSTED
                        ? retryAfter(deferred, deferred.retryAfter().multipliedBy(factor))
                        : result)
                .toList();
    }

    private static LookupResult retryAfter(Deferred deferred, Duration retryAfter) {
        return new Deferred(deferred.reason(), retryAfter, deferred.correlationId(), deferred.status());
    }

    /** Only logs a failure, since the answer is there: a later poll meets the claim, and looks up again once it has run out. */
    private void store(LookupId id, Stored claimed, LookupProgress progress) {
        try {
            parts.pending().replace(id, claimed, progress);
        } catch (StoreUnavailableException e) {
            call.log().problem(Level.WARNING, "the progress of a lookup could not be stored", e);
        }
    }

    /** The results for all alerts of a lookup, with the permits that they cost. */
    private record Outcome(Map<AlertId, LookupResult> results, int permits) {}

    private Outcome lookUp(PendingLookup lookup, Duration wait) throws InterruptedException {
        Map<AlertId, LookupOutcome> outcome = switch (lookup.kind()) {
            case SINGLE -> {
                AlertId alertId = lookup.alertIds().get(0);
                yield Map.of(alertId, parts.single().find(lookup.request(alertId, wait)));
            }
            case BATCH -> parts.batches().find(lookup, wait);
        };
        Map<AlertId, LookupResult> results = new LinkedHashMap<>();
        outcome.forEach((alertId, one) -> {
            call.log().lookup(alertId, one);
            results.put(alertId, one.result());
        });
        int permits = outcome.values().stream().mapToInt(LookupOutcome::permits).sum();
        return new Outcome(results, permits);
    }

    private HttpResponseMessage answer(PendingLookup lookup, Map<AlertId, LookupResult> results) {
        if (lookup.kind() == PendingLookup.Kind.BATCH) {
            LeftOut leftOut = lookup.leftOut();
            call.log().put(CallLog.Field.SKIPPED, leftOut.skipped() + leftOut.invalid());
            return new AlertUsersResponse(results, leftOut).to(responses);
        }
        Map.Entry<AlertId, LookupResult> only = results.entrySet().iterator().next();
        return new AlertUserResponse(call, responses, parts.ttl(), now()).of(only.getKey(), only.getValue());
    }

    /** Time until a retry is worthwhile for the first alert that only has to wait; empty if there is none. */
    private static Optional<Duration> retryAfter(Collection<LookupResult> results) {
        return AlertUsersResponse.retryAfter(results);
    }

    /** Time until a retry is worthwhile for the last alert without an answer; empty if all have one. */
    private static Optional<Duration> longestPause(Collection<LookupResult> results) {
        return results.stream()
                .flatMap(result -> result instanceof Deferred deferred
                        ? Optional.of(deferred.retryAfter()).stream()
                        : Optional.<Duration>empty().stream())
                .max(Duration::compareTo);
    }

    private HttpResponseMessage pending(LookupId id, Duration retryAfter) {
        responses.applied("respond-async");
        return new PendingResponse(call, responses, parts.publicUrl(), parts.pollPath()).of(id, retryAfter);
    }

    /** The time left; storing the lookup may have taken some. */
    private Duration until(Instant notBefore) {
        Duration left = Duration.between(now(), notBefore);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private Instant now() {
        return parts.time().instant();
    }
}
