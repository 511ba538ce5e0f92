package dev.alertuser.service.budget;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The budget of Defender calls that all instances share. Thread-safe. */
public interface RateLimiter {

    /**
     * Waits for a permit, at most {@code maxWait}. An interactive caller for whom none comes in time is denied with a place in line: the time at
     * which a permit is kept for its question, whoever asks it again, on whatever instance.
     *
     * @param question finds the place again
     * @throws BudgetUnavailableException if the counter is out of reach
     * @throws InterruptedException if interrupted while waiting; a permit already charged is then lost
     */
    Decision acquire(QuestionKey question, Priority priority, Duration maxWait) throws InterruptedException;

    /**
     * Pauses all instances after a 429 of Defender: until it ends no permit is granted, and those granted are void.
     *
     * @throws BudgetUnavailableException if the counter is out of reach; this instance pauses all the same
     */
    void pause(Duration retryAfter) throws InterruptedException;

    /**
     * Reads the counter and the storage service's time, so that the first caller has to wait for neither.
     *
     * @throws BudgetUnavailableException if the counter is out of reach
     */
    void prepare() throws InterruptedException;

    /** The windows as this instance last read them, carried forward to now; empty if it never did. Does no I/O. */
    List<BudgetReport.Window> lastSeenWindows();

    /**
     * The whole state of the budget, from the counter as it is now.
     *
     * @param backlog number of requests in the queue, from which {@link BudgetReport#backlogServed} is forecast
     * @param question whose place in line is reported; null for none
     * @throws BudgetUnavailableException if the counter is out of reach
     */
    BudgetReport report(long backlog, @Nullable QuestionKey question) throws InterruptedException;

    /** Counts of this instance since they were last taken; empty if that was less than a minute ago. */
    Optional<LimiterStats> takeStats();

    /** The outcome of one acquire. */
    sealed interface Decision {
        /** Number of permits charged, including those that came too late to be used. */
        int charged();

        /** A permit, usable at once. */
        record Granted(Permit permit, int charged) implements Decision {
            public Granted(Permit permit) {
                this(permit, 1);
            }
        }

        /**
         * No permit within the wait.
         *
         * @param retryAfter time until the place of the question in line, or until the turn of a request of the backlog
         */
        record Denied(Duration retryAfter, Cause cause, int charged) implements Decision {
            public Denied(Duration retryAfter, Cause cause) {
                this(retryAfter, cause, 0);
            }
        }
    }

    /** Cause of a denial. */
    enum Cause {
        /** The permits of a window are used up. */
        QUOTA,
        /** All instances pause after a 429 of Defender. */
        THROTTLED,
        /** The counter was lost or damaged, so the shortest window counts as used up. */
        RECOVERING,
        /** Another caller has just claimed the place of the same question: its answer comes soon. */
        CLAIMED
    }
}
