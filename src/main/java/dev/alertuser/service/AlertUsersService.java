package dev.alertuser.service;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.LookupOutcome;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.PendingLookup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Looks up the users of many alerts. Thread-safe.
 *
 * <ol>
 *   <li>All cached answers are read first, for 5 s at most, so that no cache hit waits behind a lookup that needs a permit.
 *   <li>The misses are looked up in their order, some at a time, while there is time. One that is denied a permit has a place in line of its
 *       own; the batch holds 25 places at the most, and leaves the rest to the caller's next visit, which settles those that are due.
 *   <li>An obstacle to all of them ends the batch: no token, no counter, a pause, a refusal, or several failures of Defender in a row.
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
        Deadline giveUp = Deadline.in(maxWait, nanoTime);
        Deadline end = Deadline.in(maxWait.compareTo(LEAST_TIME) > 0 ? maxWait : LEAST_TIME, nanoTime);
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
        Batch batch = new Batch(single, lookup, misses, giveUp, end, nanoTime);
        parallel.map(misses, end.left().plus(GRACE), any -> batch.askNext());
        settled.putAll(batch.outcomes(misses));
        Map<AlertId, LookupOutcome> inOrder = new LinkedHashMap<>();
        lookup.alertIds().forEach(alertId -> inOrder.put(alertId, Objects.requireNonNull(settled.get(alertId))));
        return inOrder;
    }
}
