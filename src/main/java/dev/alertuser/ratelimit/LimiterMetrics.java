package dev.alertuser.ratelimit;

import dev.alertuser.service.BudgetStatus;
import dev.alertuser.service.Priority;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.stream.Collectors;

/**
 * What this instance's limiter did, as one line of JSON a minute for queries and alerts. Has no thread of its own, since only lines of a
 * call reach the log for certain: the first call after a minute is over leaves the line. So an instance that nobody calls is silent.
 * Thread-safe.
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
        RECOVERIES("recoveries");

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
        totals.merge(count, 1L, Long::sum);
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
     * The line for the time since the last one; empty if that was less than a minute ago.
     *
     * @param status the budget as last seen
     * @param clockWidth milliseconds of doubt about the storage service's time
     */
    synchronized Optional<String> line(long nanoTime, Optional<BudgetStatus> status, long clockWidth) {
        if (nanoTime - toldAt < MINUTE) {
            return Optional.empty();
        }
        toldAt = nanoTime;
        String windows = status.stream()
                .flatMap(budget -> budget.windows().stream())
                .map(LimiterMetrics::window)
                .collect(Collectors.joining(","));
        String counts = Arrays.stream(Count.values())
                .map(count -> "\"" + count.field + "\":" + sinceTold(count))
                .collect(Collectors.joining(","));
        return Optional.of("{\"event\":\"budget\",\"windows\":[" + windows + "]," + counts + ",\"slotLagMs\":"
                + slotLag.getThenReset() + ",\"clockWidthMs\":" + clockWidth + "}");
    }

    private static String window(BudgetStatus.Window window) {
        return "{\"window\":\"" + window.length() + "\",\"quota\":" + window.quota() + ",\"remaining\":"
                + window.remaining() + "}";
    }

    private long sinceTold(Count count) {
        long total = total(count);
        long since = total - told.getOrDefault(count, 0L);
        told.put(count, total);
        return since;
    }
}
