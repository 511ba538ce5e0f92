package dev.alertuser.service.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All that can be told of the budget at one moment.
 *
 * @param at that moment, by the storage service's clock
 * @param windows one entry for each configured window, shortest first
 * @param nextPermit until the earliest permit for one who asks now; zero when there is one at once
 * @param paused time left of a pause, in which nothing is sent; zero when there is none
 * @param cause what the pause comes from; {@link RateLimiter.Cause#QUOTA} when there is none
 * @param reserved permits of callers who wait for their moment; the windows count them already
 * @param backlogServed until the last request of the backlog has its permit, if nobody else asks; zero without a backlog
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
     * @param reserve those of them that the backlog leaves to interactive callers
     * @param used permits that are counted in the window now
     * @param free permits that the window has left now; 0 during a pause
     * @param reset until the next permit that is now counted leaves the window; zero when none is counted
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

        /** {@code minute}, {@code hour} or {@code day}; any other length as ISO-8601 has it, in lower case: {@code pt10s}. */
        public String name() {
            return NAMES.getOrDefault(length, length.toString().toLowerCase(Locale.ROOT));
        }
    }

    /**
     * Permits over the longest window, in at most 60 steps.
     *
     * @param step length of a step: the shortest window, or a multiple of it where that gives too many steps
     * @param limit permits that no step can exceed
     * @param steps oldest first; the last one is under way
     */
    public record History(Duration step, int limit, List<Step> steps) {}

    /** Permits stamped within one step. */
    public record Step(Instant from, ByPriority<Integer> permits) {}
}
