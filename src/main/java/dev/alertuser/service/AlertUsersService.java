package dev.alertuser.service;

import dev.alertuser.service.LookupResult.Deferred;
import dev.alertuser.service.LookupResult.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Answers who the users behind many alerts are. Thread-safe.
 *
 * <ol>
 *   <li>All kept answers are read first, so that none waits behind a question that needs a permit.
 *   <li>The others are asked for, some at a time, while there are permits and time. What stands in the way of one and would stand in the way
 *       of all ends the asking: no permit, no token, a pause, a refusal, or Defender failing several times in a row.
 * </ol>
 */
public final class AlertUsersService {
    /** So long free permits are used even for a caller who does not wait: it bounds what one call does when answers come slowly. */
    private static final Duration LEAST_TIME = Duration.ofSeconds(10);

    /** So many failures in a row are no longer the fault of single alerts. Each of them cost a permit. */
    private static final int OUTAGE = 5;

    /** Answers come, but too slowly for one call. */
    private static final Deferred TIME_IS_UP = new Deferred(Reason.DEFENDER_TIMEOUT, Duration.ofSeconds(1), null);

    private final AlertUserService single;
    private final Parallel parallel;
    private final InstantSource time;

    public AlertUsersService(AlertUserService single, Parallel parallel, InstantSource time) {
        this.single = single;
        this.parallel = parallel;
        this.time = time;
    }

    /**
     * Looks all alerts of a lookup up.
     *
     * @param maxWait how long the caller waits for permits; zero uses those that are free
     * @return a result for each alert, in the order of the lookup
     * @throws InterruptedException if interrupted while waiting
     */
    public Map<AlertId, Asked> find(Lookup lookup, Duration maxWait) throws InterruptedException {
        List<Optional<LookupResult>> kept =
                parallel.map(lookup.alertIds(), id -> single.kept(lookup.question(id, Duration.ZERO)));
        Map<AlertId, Asked> results = new LinkedHashMap<>();
        List<AlertId> open = new ArrayList<>();
        for (int i = 0; i < kept.size(); i++) {
            AlertId alertId = lookup.alertIds().get(i);
            results.put(alertId, Asked.free(kept.get(i).orElse(TIME_IS_UP)));
            if (kept.get(i).isEmpty()) {
                open.add(alertId);
            }
        }
        List<AskedThen> asked = parallel.map(open, new Asking(lookup, maxWait, time.instant())::ask);
        Instant now = time.instant();
        for (int i = 0; i < open.size(); i++) {
            results.put(open.get(i), asked.get(i).at(now));
        }
        return results;
    }

    /** What came of one question, and when: others may be waited for long after. */
    private record AskedThen(Asked asked, Instant time) {
        Asked at(Instant now) {
            if (!(asked.result() instanceof Deferred deferred)) {
                return asked;
            }
            Duration left = deferred.retryAfter().minus(Duration.between(time, now));
            return new Asked(
                    new Deferred(deferred.reason(), atLeastZero(left), deferred.correlationId(), deferred.status()),
                    asked.permits(),
                    asked.waited(),
                    asked.call());
        }
    }

    private static Duration atLeastZero(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    /** The asking for what is not kept. */
    private final class Asking {
        private final Lookup lookup;
        private final Instant giveUpAt;
        private final Instant endAt;
        private final AtomicInteger failuresInARow = new AtomicInteger();
        private final AtomicReference<@Nullable AskedThen> obstacle = new AtomicReference<>();

        Asking(Lookup lookup, Duration maxWait, Instant now) {
            Duration atLeast = maxWait.compareTo(LEAST_TIME) > 0 ? maxWait : LEAST_TIME;
            this.lookup = lookup;
            this.giveUpAt = now.plus(maxWait);
            this.endAt = now.plus(atLeast);
        }

        AskedThen ask(AlertId alertId) throws InterruptedException {
            AskedThen met = obstacle.get();
            Instant now = time.instant();
            if (met != null) {
                return met;
            } else if (now.isAfter(endAt)) {
                return new AskedThen(Asked.free(TIME_IS_UP), now);
            }
            Duration left = atLeastZero(Duration.between(now, giveUpAt));
            Asked asked = single.find(lookup.question(alertId, left));
            Instant then = time.instant();
            if (!(asked.result() instanceof Deferred deferred)) {
                failuresInARow.set(0);
            } else if (isInEverybodysWay(deferred.reason())) {
                obstacle.set(
                        new AskedThen(Asked.free(new Deferred(deferred.reason(), deferred.retryAfter(), null)), then));
            }
            return new AskedThen(asked, then);
        }

        private boolean isInEverybodysWay(Reason reason) {
            return switch (reason) {
                case BUDGET_EXHAUSTED,
                        BUDGET_RECOVERING,
                        BUDGET_UNAVAILABLE,
                        IDENTITY_UNAVAILABLE,
                        DEFENDER_THROTTLED,
                        DEFENDER_ACCESS_DENIED -> true;
                case DEFENDER_BAD_ANSWER, DEFENDER_UNAVAILABLE, DEFENDER_TIMEOUT ->
                    failuresInARow.incrementAndGet() >= OUTAGE;
            };
        }
    }
}
