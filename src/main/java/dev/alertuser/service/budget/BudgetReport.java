package dev.alertuser.service.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The state of the budget at one moment.
 *
 * @param at that moment, by the storage service's clock
 * @param windows one entry for each configured window, shortest first
 * @param nextPermit wait for the earliest permit of a caller that arrives now; zero when one is free
 * @param paused time left of a pause, in which nothing is sent; zero when there is none
 * @param cause cause of the pause; {@link RateLimiter.Cause#QUOTA} when there is none
 * @param reserved permits whose slots are still ahead and whose callers wait for them; the windows count them already
 * @param backlogServed time until the last request of the backlog has its permit, if no other caller takes one; zero without a backlog
 */
public record BudgetReport(
        Instant at,
        List<Window> windows,
        ByPriority<Duration> nextPermit,
        Duration paused,
        RateLimiter.Cause cause,
        int reserved,
        History history,
        Duration backlogServed) {

    /**
     * One window of the budget.
     *
     * @param quota permits per window
     * @param reserve those of them that only interactive callers may use
     * @param used permits counted in the window now
     * @param free permits left in the window now; 0 during a pause
     * @param reset time until the next counted permit leaves the window; zero when none is counted
     */
    public record Window(
            int quota,
            Duration length,
            int reserve,
            ByPriority<Integer> used,
            ByPriority<Integer> free,
            Duration reset) {
        private static final Map<Duration, String> NAMES =
                Map.of(Duration.ofMinutes(1), "minute", Duration.ofHours(1), "hour", Duration.ofDays(1), "day");

        /** {@code minute}, {@code hour} or {@code day}; any other length in ISO-8601, in lower case: {@code pt10s}. */
        public String name() {
            return NAMES.getOrDefault(length, length.toString().toLowerCase(Locale.ROOT));
        }
    }

    /**
     * Permits over the longest window, in at most 60 steps.
     *
     * @param step length of a step: the shortest window, or a multiple of it where that gives too many steps
     * @param limit the most permits that one step can hold
     * @param steps oldest first; the last one is under way
     */
    public record History(Duration step, int limit, List<Step> steps) {}

    /** Permits stamped within one step. */
    public record Step(Instant from, ByPriority<Integer> permits) {}
}
