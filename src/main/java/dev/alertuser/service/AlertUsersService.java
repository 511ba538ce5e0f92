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
 * Answers who the users behind many alerts are. Thread-safe.
 *
 * <ol>
 *   <li>All kept answers are read first, for some seconds at most, so that none waits behind a question that needs a permit.
 *   <li>The others are asked for, some at a time, while there are permits and time. What stands in the way of one and would stand in the way
 *       of all ends the asking: no permit, no token, a pause, a refusal, or Defender failing several times in a row.
 *   <li>What is under way when the time is up is not waited for. It goes on, and what it comes to is kept.
 * </ol>
 */
public final class AlertUsersService {
    /** So long free permits are used even for a caller who does not wait: it bounds what one call does when answers come slowly. */
    private static final Duration LEAST_TIME = Duration.ofSeconds(10);

    /** Kept answers that do not come within this time are done without. */
    private static final Duration READING_TIME = Duration.ofSeconds(5);

    /** A call that was made when the time was nearly up is given this long to come back. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** So many failures in a row are no longer the fault of single alerts. Each of them cost a permit. */
    private static final int OUTAGE = 5;

    /** Answers come, but too slowly for one call. */
    private static final LookupOutcome TIME_IS_UP =
            LookupOutcome.free(new Deferred(Reason.DEFENDER_TIMEOUT, Duration.ofSeconds(1), null));

    private static final LookupOutcome UNDER_WAY =
            LookupOutcome.free(new Deferred(Reason.SAME_QUESTION_UNDER_WAY, Duration.ofSeconds(1), null));

    private final AlertUserService single;
    private final Parallel parallel;
    private final LongSupplier nanoTime;

    /** @param nanoTime a monotonic clock, for all that is waited for */
    public AlertUsersService(AlertUserService single, Parallel parallel, LongSupplier nanoTime) {
        this.single = single;
        this.parallel = parallel;
        this.nanoTime = nanoTime;
    }

    /**
     * Looks all alerts of a lookup up. Returns within the wait, or 10 s if that is longer, and 2 s of grace.
     *
     * @param maxWait how long the caller waits for permits; zero uses those that are free
     * @return a result for each alert, in the order of the lookup
     * @throws InterruptedException if interrupted while waiting
     */
    public Map<AlertId, LookupOutcome> find(PendingLookup lookup, Duration maxWait) throws InterruptedException {
        Asking asking = new Asking(lookup, maxWait);
        Map<AlertId, LookupOutcome> settled = new HashMap<>();
        List<AlertId> open = new ArrayList<>();
        List<Optional<Optional<LookupResult>>> cached =
                parallel.map(lookup.alertIds(), READING_TIME, id -> single.cached(lookup.request(id, Duration.ZERO)));
        for (int i = 0; i < cached.size(); i++) {
            AlertId alertId = lookup.alertIds().get(i);
            cached.get(i)
                    .flatMap(read -> read)
                    .ifPresentOrElse(
                            answer -> settled.put(alertId, LookupOutcome.free(answer)), () -> open.add(alertId));
        }
        List<Optional<TimedOutcome>> outcome =
                parallel.map(open, asking.end.left().plus(GRACE), asking::ask);
        long now = nanoTime.getAsLong();
        for (int i = 0; i < open.size(); i++) {
            settled.put(open.get(i), outcome.get(i).map(then -> then.at(now)).orElse(UNDER_WAY));
        }
        Map<AlertId, LookupOutcome> inOrder = new LinkedHashMap<>();
        lookup.alertIds().forEach(alertId -> inOrder.put(alertId, Objects.requireNonNull(settled.get(alertId))));
        return inOrder;
    }

    /** What came of one question, and when: others may be waited for long after. */
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

    /** The asking for what is not kept. Its time begins with the call. */
    private final class Asking {
        private final PendingLookup lookup;
        private final Deadline giveUp;
        private final Deadline end;
        private final AtomicInteger failuresInARow = new AtomicInteger();
        private final AtomicReference<@Nullable TimedOutcome> obstacle = new AtomicReference<>();

        Asking(PendingLookup lookup, Duration maxWait) {
            this.lookup = lookup;
            this.giveUp = Deadline.in(maxWait, nanoTime);
            this.end = Deadline.in(maxWait.compareTo(LEAST_TIME) > 0 ? maxWait : LEAST_TIME, nanoTime);
        }

        TimedOutcome ask(AlertId alertId) throws InterruptedException {
            TimedOutcome met = obstacle.get();
            if (met != null) {
                return met;
            } else if (end.isOver()) {
                return new TimedOutcome(TIME_IS_UP, nanoTime.getAsLong());
            }
            LookupOutcome outcome = single.find(lookup.request(alertId, giveUp.left()));
            long then = nanoTime.getAsLong();
            if (!(outcome.result() instanceof Deferred deferred)) {
                failuresInARow.set(0);
            } else if (isInEverybodysWay(deferred.reason())) {
                obstacle.set(new TimedOutcome(
                        LookupOutcome.free(new Deferred(deferred.reason(), deferred.retryAfter(), null)), then));
            }
            return new TimedOutcome(outcome, then);
        }

        private boolean isInEverybodysWay(Reason reason) {
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
