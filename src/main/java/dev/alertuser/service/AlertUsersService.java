package dev.alertuser.service;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.LookupOutcome;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.alert.PendingLookup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the users of many alerts. Thread-safe.
 *
 * <ol>
 *   <li>All cached answers are read first, for 5 s at most, so that no cache hit waits behind a lookup that needs a permit.
 *   <li>The misses are looked up, some at a time, while there are permits and time. An obstacle to all of them ends the batch: no permit,
 *       no token, a pause, a refusal, or several failures of Defender in a row.
 *   <li>A lookup that is under way when the time is up is not waited for. It runs to its end, and its answer is cached.
 * </ol>
 */
public final class AlertUsersService {
    /** Minimum time budget of a batch: free permits are used for this long even if the caller waits for none. */
    private static final Duration LEAST_TIME = Duration.ofSeconds(10);

    /** Time limit for reading the cache; an answer that is not read by then counts as a miss. */
    private static final Duration READING_TIME = Duration.ofSeconds(5);

    /** Extra wait for calls that were made just before the time was up. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** This many failures in a row mean an outage, not single bad alerts. Each of them costs a permit. */
    private static final int OUTAGE = 5;

    /** Defender answers, but too slowly for the time of one call. */
    private static final LookupOutcome TIME_IS_UP =
            LookupOutcome.free(new Deferred(Reason.DEFENDER_TIMEOUT, Duration.ofSeconds(1), null));

    private static final LookupOutcome UNDER_WAY =
            LookupOutcome.free(new Deferred(Reason.SAME_QUESTION_UNDER_WAY, Duration.ofSeconds(1), null));

    private final AlertUserService single;
    private final Parallel parallel;
    private final LongSupplier nanoTime;

    /** @param nanoTime a monotonic clock, for all waits */
    public AlertUsersService(AlertUserService single, Parallel parallel, LongSupplier nanoTime) {
        this.single = single;
        this.parallel = parallel;
        this.nanoTime = nanoTime;
    }

    /**
     * Looks up all alerts of a pending lookup. Returns within the wait, or 10 s if that is longer, plus 2 s of grace.
     *
     * @param maxWait how long the caller waits for permits; zero uses only those that are free now
     * @return a result for each alert, in the order of the lookup
     * @throws InterruptedException if interrupted while waiting
     */
    public Map<AlertId, LookupOutcome> find(PendingLookup lookup, Duration maxWait) throws InterruptedException {
        // The batch's clock starts before the cache is read: a slow cache takes from the caller's wait, it does not add
        // to it.
        Batch batch = new Batch(lookup, maxWait);
        Map<AlertId, LookupOutcome> settled = new HashMap<>();
        List<AlertId> misses = new ArrayList<>();
        List<Optional<Optional<LookupResult>>> cached =
                parallel.map(lookup.alertIds(), READING_TIME, id -> single.cached(lookup.request(id, Duration.ZERO)));
        for (int i = 0; i < cached.size(); i++) {
            AlertId alertId = lookup.alertIds().get(i);
            cached.get(i)
                    .flatMap(read -> read)
                    .ifPresentOrElse(
                            answer -> settled.put(alertId, LookupOutcome.free(answer)), () -> misses.add(alertId));
        }
        List<Optional<TimedOutcome>> outcomes =
                parallel.map(misses, batch.end.left().plus(GRACE), batch::find);
        long now = nanoTime.getAsLong();
        for (int i = 0; i < misses.size(); i++) {
            settled.put(
                    misses.get(i),
                    outcomes.get(i).map(outcome -> outcome.at(now)).orElse(UNDER_WAY));
        }
        Map<AlertId, LookupOutcome> inOrder = new LinkedHashMap<>();
        lookup.alertIds().forEach(alertId -> inOrder.put(alertId, Objects.requireNonNull(settled.get(alertId))));
        return inOrder;
    }

    /** An outcome and its time: the batch may return long after it, so its retry-after has to be shortened. */
    private record TimedOutcome(LookupOutcome outcome, long nanoTime) {
        LookupOutcome at(long now) {
            if (!(outcome.result() instanceof Deferred deferred)) {
                return outcome;
            }
            Duration left = deferred.retryAfter().minusNanos(now - nanoTime);
            return new LookupOutcome(
                    new Deferred(deferred.reason(), atLeastZero(left), deferred.correlationId(), deferred.status()),
                    outcome.permits(),
                    outcome.waited(),
                    outcome.call());
        }
    }

    private static Duration atLeastZero(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    /** The lookups of one call that miss the cache. Its time begins when it is made. */
    private final class Batch {
        private final PendingLookup lookup;
        private final Deadline giveUp;
        private final Deadline end;
        private final AtomicInteger failuresInARow = new AtomicInteger();
        private final AtomicReference<@Nullable TimedOutcome> obstacle = new AtomicReference<>();

        Batch(PendingLookup lookup, Duration maxWait) {
            this.lookup = lookup;
            this.giveUp = Deadline.in(maxWait, nanoTime);
            this.end = Deadline.in(maxWait.compareTo(LEAST_TIME) > 0 ? maxWait : LEAST_TIME, nanoTime);
        }

        TimedOutcome find(AlertId alertId) throws InterruptedException {
            TimedOutcome known = obstacle.get();
            if (known != null) {
                return known;
            } else if (end.isOver()) {
                return new TimedOutcome(TIME_IS_UP, nanoTime.getAsLong());
            }
            LookupOutcome outcome = single.find(lookup.request(alertId, giveUp.left()));
            long time = nanoTime.getAsLong();
            if (!(outcome.result() instanceof Deferred deferred)) {
                failuresInARow.set(0);
            } else if (blocksAll(deferred.reason())) {
                // The others get the reason only: permits and Defender's correlation id belong to this alert.
                obstacle.set(new TimedOutcome(
                        LookupOutcome.free(new Deferred(deferred.reason(), deferred.retryAfter(), null)), time));
            }
            return new TimedOutcome(outcome, time);
        }

        private boolean blocksAll(Reason reason) {
            return switch (reason) {
                case BUDGET_EXHAUSTED,
                        BUDGET_RECOVERING,
                        BUDGET_UNAVAILABLE,
                        IDENTITY_UNAVAILABLE,
                        DEFENDER_THROTTLED,
                        DEFENDER_ACCESS_DENIED -> true;
                case SAME_QUESTION_UNDER_WAY -> false;
                case DEFENDER_BAD_ANSWER, DEFENDER_UNAVAILABLE, DEFENDER_TIMEOUT ->
                    failuresInARow.incrementAndGet() >= OUTAGE;
            };
        }
    }
}
