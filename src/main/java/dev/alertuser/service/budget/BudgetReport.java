package dev.alertuser.service.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The state of the budget at one moment.
 *
 * @param at that moment, by the storage service's clock
 * @param windows one entry for each configured window, shortest first
 * @param nextPermit wait for the earliest permit of a caller that arrives now; zero when one is free
 * @param paused time left of a pause, in which nothing is sent; zero when there is none
 * @param cause cause of the pause; {@link RateLimiter.Cause#QUOTA} when there is none
 * @param reserved permits that are charged and whose slots are still ahead, so none of them is used: those of interactive callers that wait,
 *     and those of queued requests
 * @param line what is promised and not charged
 * @param backlogServed time until the last request of the backlog has its permit, if no other caller takes one; zero without a backlog
 */
public record BudgetReport(
        Instant at,
        List<Window> windows,
        ByPriority<Duration> nextPermit,
        Duration paused,
        RateLimiter.Cause cause,
        ByPriority<Integer> reserved,
        Line line,
        History history,
        Duration backlogServed) {

    /**
     * One window of the budget.
     *
     * @param quota permits per window
     * @param reserve those of them that only interactive callers may use
     * @param used permits that were used in the window up to now
     * @param free permits that a caller without a place can get now: neither used, nor reserved, nor promised; 0 during a pause
     * @param reset time until more are free; zero when all are
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
     * The line of questions whose callers were denied.
     *
     * @param promised places that may still be claimed, each a permit that is kept for a question and not charged yet
     * @param last the last promised time; empty if there is no place
     * @param place the place of the question that was asked about; empty if it has none, or if there was no such question
     */
    public record Line(int promised, Optional<Instant> last, Optional<Place> place) {}

    /**
     * The place of a question.
     *
     * @param position 1 for the first in line
     * @param turn the time that was promised; it may have come already
     */
    public record Place(int position, Instant turn) {}

    /**
     * The permits that were used in the longest window, in some 60 steps. Their sum is what {@link Window#used} tells of that window.
     *
     * @param step length of a step: the shortest window, or a multiple of it where that gives too many steps
     * @param limit the most permits that one step can hold
     * @param steps oldest first; the window cuts the first one, and the last one is under way
     */
    public record History(Duration step, int limit, List<Step> steps) {}

    /** Permits used within one step. */
    public record Step(Instant from, ByPriority<Integer> permits) {}
}
