package dev.alertuser.service;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.LookupOutcome;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.alert.PendingLookup;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The alerts of one call that miss the cache, asked in their order until the batch has no place or no time left. Thread-safe. */
final class Batch {
    /** This many failures in a row mean an outage, not single bad alerts. Each of them costs a permit. */
    private static final int OUTAGE = 5;

    /** Defender answers, but too slowly for the time of one call. */
    private static final LookupOutcome TIME_IS_UP =
            LookupOutcome.free(new Deferred(Reason.DEFENDER_TIMEOUT, Duration.ofSeconds(1), null));

    private static final LookupOutcome UNDER_WAY =
            LookupOutcome.free(new Deferred(Reason.SAME_QUESTION_UNDER_WAY, Duration.ofSeconds(1), null));

    private final AlertUserService single;
    private final PendingLookup lookup;
    private final Deadline giveUp;
    private final Deadline end;
    private final LongSupplier nanoTime;
    private final BatchPlaces places;
    private final AtomicInteger failuresInARow = new AtomicInteger();
    private final AtomicReference<@Nullable TimedOutcome> obstacle = new AtomicReference<>();

    /** What was asked; the outcome is empty as long as the lookup is under way. */
    private final Map<AlertId, Optional<TimedOutcome>> asked = new ConcurrentHashMap<>();

    /**
     * @param giveUp until then the caller waits for permits
     * @param end until then free permits are used
     * @param nanoTime the clock of the deadlines
     */
    Batch(
            AlertUserService single,
            PendingLookup lookup,
            List<AlertId> alertIds,
            Deadline giveUp,
            Deadline end,
            LongSupplier nanoTime) {
        this.single = single;
        this.lookup = lookup;
        this.giveUp = giveUp;
        this.end = end;
        this.nanoTime = nanoTime;
        this.places = new BatchPlaces(alertIds);
    }

    /** An outcome and its time: the batch may return long after it, so its retry-after has to be shortened. */
    private record TimedOutcome(LookupOutcome outcome, long nanoTime) {
        LookupOutcome at(long now) {
            if (!(outcome.result() instanceof Deferred deferred)) {
                return outcome;
            }
            Duration left = deferred.retryAfter().minusNanos(now - nanoTime);
            return new LookupOutcome(
                    new Deferred(
                            deferred.reason(),
                            left.isNegative() ? Duration.ZERO : left,
                            deferred.correlationId(),
                            deferred.status()),
                    outcome.permits(),
                    outcome.waited(),
                    outcome.call());
        }
    }

    /** Asks for the next alert; false if none is left, or the batch holds all its places, met an obstacle or has no time. */
    boolean askNext() throws InterruptedException {
        Optional<AlertId> next = places.next();
        if (next.isEmpty()) {
            return false;
        }
        boolean placed = false;
        try {
            if (obstacle.get() != null || end.isOver()) {
                return false;
            }
            placed = isDeniedAPermit(ask(next.get()));
            return true;
        } finally {
            places.done(placed);
        }
    }

    private LookupResult ask(AlertId alertId) throws InterruptedException {
        asked.put(alertId, Optional.empty());
        LookupOutcome outcome = single.find(lookup.request(alertId, giveUp.left()));
        long time = nanoTime.getAsLong();
        asked.put(alertId, Optional.of(new TimedOutcome(outcome, time)));
        if (!(outcome.result() instanceof Deferred deferred)) {
            failuresInARow.set(0);
        } else if (blocksAll(deferred.reason())) {
            // The others get the reason only: permits and Defender's correlation id belong to this alert.
            obstacle.set(new TimedOutcome(
                    LookupOutcome.free(new Deferred(deferred.reason(), deferred.retryAfter(), null)), time));
        }
        return outcome.result();
    }

    private boolean blocksAll(Reason reason) {
        return switch (reason) {
            case BUDGET_RECOVERING,
                    BUDGET_UNAVAILABLE,
                    IDENTITY_UNAVAILABLE,
                    DEFENDER_THROTTLED,
                    DEFENDER_ACCESS_DENIED -> true;
            // A user may be denied the alerts of one device group only.
            case BUDGET_EXHAUSTED, SAME_QUESTION_UNDER_WAY, DEFENDER_DENIES_USER -> false;
            case DEFENDER_BAD_ANSWER, DEFENDER_UNAVAILABLE, DEFENDER_TIMEOUT ->
                failuresInARow.incrementAndGet() >= OUTAGE;
        };
    }

    /** The outcomes so far. An alert that was not asked gets the obstacle, or else the time of the batch's first place. */
    Map<AlertId, LookupOutcome> outcomes(List<AlertId> alertIds) {
        long now = nanoTime.getAsLong();
        LookupOutcome ofOthers = ofOthers(now);
        return alertIds.stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        alertId -> Optional.ofNullable(asked.get(alertId))
                                .map(outcome ->
                                        outcome.map(timed -> timed.at(now)).orElse(UNDER_WAY))
                                .orElse(ofOthers)));
    }

    private LookupOutcome ofOthers(long now) {
        TimedOutcome known = obstacle.get();
        return known == null ? firstPlace(now).orElse(TIME_IS_UP) : known.at(now);
    }

    private Optional<LookupOutcome> firstPlace(long now) {
        return asked.values().stream()
                .flatMap(Optional::stream)
                .map(outcome -> outcome.at(now).result())
                .filter(Batch::isDeniedAPermit)
                .map(result -> ((Deferred) result).retryAfter())
                .min(Comparator.naturalOrder())
                .map(first -> LookupOutcome.free(new Deferred(Reason.BUDGET_EXHAUSTED, first, null)));
    }

    private static boolean isDeniedAPermit(LookupResult result) {
        return result instanceof Deferred deferred && deferred.reason() == Reason.BUDGET_EXHAUSTED;
    }
}
