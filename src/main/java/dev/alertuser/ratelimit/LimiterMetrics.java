package dev.alertuser.ratelimit;

import dev.alertuser.service.budget.BudgetReport;
import dev.alertuser.service.budget.LimiterStats;
import dev.alertuser.service.budget.Priority;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.Supplier;

/**
 * Counts what this instance's limiter does, for one log line a minute. Has no thread of its own, since only lines of a call are sure to reach
 * the log: the first call after a minute takes the counts. So an instance without calls is silent. Thread-safe.
 */
final class LimiterMetrics {
    private static final long MINUTE = 60_000_000_000L;

    private final Map<Count, Long> totals = new ConcurrentHashMap<>();
    private final Map<Count, Long> told = new EnumMap<>(Count.class);
    private final LongAccumulator slotLag = new LongAccumulator(Math::max, 0);
    private long toldAt;

    /** What is counted, by its name in the line. */
    enum Count {
        GRANTED_INTERACTIVE("grantedInteractive"),
        GRANTED_BACKLOG("grantedBacklog"),
        DENIED_INTERACTIVE("deniedInteractive"),
        DENIED_BACKLOG("deniedBacklog"),
        /** Acquires that failed because the table is out of reach. */
        UNAVAILABLE("unavailable"),
        /** Requests to the table: reads and writes. */
        OPERATIONS("operations"),
        /** Writes that lost a race. */
        CONFLICTS("conflicts"),
        /** Permits that were charged and thrown away, since their slot had passed or a pause had come. */
        LATE_PERMITS("latePermits"),
        /** Writes without an answer. */
        AMBIGUOUS_WRITES("ambiguousWrites"),
        /** Answers of Defender that asked for a pause. */
        PAUSES("pauses"),
        /** Rows that were lost or damaged and that this instance replaced. */
        RECOVERIES("recoveries"),
        /** Places in line that were given. */
        PLACES_MADE("placesMade"),
        /** Places that were claimed in time. */
        PLACES_KEPT("placesKept"),
        /** Places that nobody claimed in time. */
        PLACES_ABANDONED("placesAbandoned"),
        /** Places that a pause of Defender moved. */
        PLACES_PAUSED("placesPaused"),
        /** Places that stricter settings moved or dropped. */
        PLACES_RESET("placesReset"),
        /** Places that were lost with the row. */
        PLACES_LOST("placesLost"),
        /** Callers whose place had come while the table was out of reach. */
        PLACES_UNAVAILABLE("placesUnavailable");

        private final String field;

        Count(String field) {
            this.field = field;
        }

        static Count granted(Priority priority) {
            return priority == Priority.INTERACTIVE ? GRANTED_INTERACTIVE : GRANTED_BACKLOG;
        }

        static Count denied(Priority priority) {
            return priority == Priority.INTERACTIVE ? DENIED_INTERACTIVE : DENIED_BACKLOG;
        }
    }

    /** @param nanoTime now */
    LimiterMetrics(long nanoTime) {
        toldAt = nanoTime;
    }

    void add(Count count) {
        add(count, 1);
    }

    void add(Count count, long times) {
        totals.merge(count, times, Long::sum);
    }

    /** @param millis between a permit's slot and the moment its holder was told */
    void addSlotLag(long millis) {
        slotLag.accumulate(millis);
    }

    /** Since the start. */
    long total(Count count) {
        return totals.getOrDefault(count, 0L);
    }

    /**
     * Takes what was counted since the last time; empty if that was less than a minute ago.
     *
     * @param windows the budget as last seen; not asked for before the minute is over
     * @param clockWidth milliseconds of doubt about the storage service's time
     */
    synchronized Optional<LimiterStats> take(
            long nanoTime, Supplier<List<BudgetReport.Window>> windows, long clockWidth) {
        if (nanoTime - toldAt < MINUTE) {
            return Optional.empty();
        }
        toldAt = nanoTime;
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Count count : Count.values()) {
            counts.put(count.field, sinceTold(count));
        }
        return Optional.of(new LimiterStats(windows.get(), counts, slotLag.getThenReset(), clockWidth));
    }

    private long sinceTold(Count count) {
        long total = total(count);
        long since = total - told.getOrDefault(count, 0L);
        told.put(count, total);
        return since;
    }
}
