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
import dev.alertuser.service.alert.PendingLookup;
import dev.alertuser.service.port.PendingLookupStore.Stored;
import dev.alertuser.service.port.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;

/**
 * Settles what it can of a lookup and answers. The first call and those that come back for the answer go the same way, so they are answered
 * alike.
 *
 * <p>A caller who would rather come back gets {@code 202} as long as waiting alone may help (see {@link LookupResult.Reason#passes}): a busy
 * budget, a pause, an outage of Defender, of the identity endpoint or of the counter. What needs somebody to act is an error for it as for
 * others; so is a lookup that cannot be stored, because a {@code 202} without a place to come back to would be a dead end.
 *
 * <p>A poll needs no key, so what it may cost is bounded by the lookup's row:
 *
 * <ol>
 *   <li>Before its {@code Retry-After} it is answered from the row: no permit is taken, and nothing else is read.
 *   <li>Of several polls at once one works on the lookup: it claims the row by a conditional write. The others are told to come back.
 *   <li>Once all is settled, the answer stands in the row.
 *   <li>The permits of one lookup are bounded. A lookup that has spent them is settled as it stands.
 * </ol>
 */
final class LookupHandler {
    /** Added to a poll's wait, how long its claim holds if its process ends: token, call and table have some ten seconds each. */
    private static final Duration LONGEST_WORK = Duration.ofSeconds(40);

    /** Whoever meets another poll of the same lookup comes back then. */
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

    /** Answers the call that asks. */
    HttpResponseMessage first(PendingLookup lookup, Preferences preferences) throws InterruptedException {
        Outcome outcome = ask(lookup, honouredWait(preferences));
        Optional<Duration> retryAfter = retryAfter(outcome.results.values());
        if (!preferences.async() || retryAfter.isEmpty()) {
            return answer(lookup, outcome.results);
        }
        Duration pause = PendingResponse.bounded(retryAfter.get());
        LookupId id = parts.pending().add(lookup, LookupProgress.pending(now().plus(pause), outcome.permits));
        return pending(id, pause);
    }

    /** Answers one who comes back. */
    HttpResponseMessage again(LookupId id, Stored stored, Preferences preferences) throws InterruptedException {
        PendingLookup lookup = stored.lookup();
        LookupProgress progress = stored.progress();
        responses.continues(lookup.correlation());
        Duration wait = honouredWait(preferences.comingBack());
        Instant now = now();
        if (!progress.isDue(now) || progress.permits() >= lookup.mostPermits()) {
            return fromRow(id, lookup, progress, now);
        }
        LookupProgress claim = progress.notBefore(now.plus(wait).plus(LONGEST_WORK));
        Optional<Stored> claimed = parts.pending().replace(id, stored, claim);
        return claimed.isPresent() ? workOn(id, claimed.get(), wait) : pending(id, CLAIMED);
    }

    /** How long this caller waits. Each answer from now on says so if the caller named a wait. */
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

    /** The results with the time that is left in place of the one that was told. */
    private static Map<AlertId, LookupResult> carriedForward(Map<AlertId, LookupResult> results, Duration left) {
        Map<AlertId, LookupResult> now = new LinkedHashMap<>(results);
        now.replaceAll((alertId, result) -> result instanceof Deferred deferred
                ? new Deferred(deferred.reason(), left, deferred.correlationId(), deferred.status())
                : result);
        return now;
    }

    private HttpResponseMessage workOn(LookupId id, Stored claimed, Duration wait) throws InterruptedException {
        PendingLookup lookup = claimed.lookup();
        Outcome outcome = ask(lookup, wait);
        int permits = claimed.progress().permits() + outcome.permits;
        Optional<Duration> retryAfter = retryAfter(outcome.results.values());
        if (retryAfter.isPresent() && permits < lookup.mostPermits()) {
            Duration pause =
                    lengthened(retryAfter.get(), permits - lookup.alertIds().size());
            writeDown(id, claimed, LookupProgress.pending(now().plus(pause), permits));
            return pending(id, pause);
        }
        Optional<Instant> notBefore = longestPause(outcome.results.values()).map(now()::plus);
        writeDown(id, claimed, new LookupProgress(notBefore, permits, Optional.of(outcome.results)));
        return answer(lookup, outcome.results);
    }

    /** Twice as long for each permit that a lookup has spent in vain. */
    private static Duration lengthened(Duration retryAfter, int inVain) {
        return PendingResponse.bounded(retryAfter.multipliedBy(1L << Math.max(0, Math.min(inVain, MOST_DOUBLINGS))));
    }

    /** The answer is there all the same; who comes back for it again finds the claim, and later asks anew. */
    private void writeDown(LookupId id, Stored claimed, LookupProgress progress) {
        try {
            parts.pending().replace(id, claimed, progress);
        } catch (StoreUnavailableException e) {
            call.log().problem(Level.WARNING, "the progress of a lookup could not be written down", e);
        }
    }

    /** What asking for all alerts of a lookup came to. */
    private record Outcome(Map<AlertId, LookupResult> results, int permits) {}

    private Outcome ask(PendingLookup lookup, Duration wait) throws InterruptedException {
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

    /** Until the first of those that only have to wait is worth asking for again; empty if none has to. */
    private static Optional<Duration> retryAfter(Collection<LookupResult> results) {
        return AlertUsersResponse.retryAfter(results);
    }

    /** Until the last of those without an answer is worth asking for again; empty if all have one. */
    private static Optional<Duration> longestPause(Collection<LookupResult> results) {
        return results.stream()
                .flatMap(result -> result instanceof Deferred deferred
                        ? Optional.of(deferred.retryAfter()).stream()
                        : Optional.<Duration>empty().stream())
                .max(Duration::compareTo);
    }

    private HttpResponseMessage pending(LookupId id, Duration retryAfter) {
        responses.applied("respond-async");
        return new PendingResponse(call, responses, parts.publicUrl()).of(id, retryAfter);
    }

    private Instant now() {
        return parts.time().instant();
    }
}
