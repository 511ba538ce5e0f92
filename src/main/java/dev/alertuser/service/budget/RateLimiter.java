package dev.alertuser.service.budget;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The budget of Defender calls that all instances share. Thread-safe. */
public interface RateLimiter {

    /**
     * Waits for a permit, at most {@code maxWait}. Returns early with a denial as soon as it is known that none comes in time.
     *
     * @throws BudgetUnavailableException if the counter is out of reach
     * @throws InterruptedException if interrupted while waiting; a permit already charged is then lost
     */
    Decision acquire(Priority priority, Duration maxWait) throws InterruptedException;

    /**
     * Tells all instances that Defender answered 429: until then no permit is granted, and those granted are void.
     *
     * @throws BudgetUnavailableException if the counter is out of reach; this instance pauses all the same
     */
    void pause(Duration retryAfter) throws InterruptedException;

    /**
     * Reads the counter and learns the storage service's time, so that the first caller has to wait for neither.
     *
     * @throws BudgetUnavailableException if the counter is out of reach
     */
    void prepare() throws InterruptedException;

    /** The windows as this instance last saw them, carried forward to now; empty if it never did. Does no I/O. */
    List<BudgetReport.Window> lastSeenWindows();

    /**
     * The whole state of the budget, from the counter as it is now.
     *
     * @param backlog requests that wait in the queue, for the time by which they are served
     * @throws BudgetUnavailableException if the counter is out of reach
     */
    BudgetReport report(long backlog) throws InterruptedException;

    /** What this instance did since this was last taken; empty if that was less than a minute ago. */
    Optional<LimiterStats> takeStats();

    /** What became of one acquire. */
    sealed interface Decision {
        /** Permits that it cost: those that came too late to be used are charged all the same. */
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
         * @param retryAfter until the earliest moment at which there can be one
         */
        record Denied(Duration retryAfter, Cause cause, int charged) implements Decision {
            public Denied(Duration retryAfter, Cause cause) {
                this(retryAfter, cause, 0);
            }
        }
    }

    /** What stands in the way of a permit. */
    enum Cause {
        /** Our own count. */
        QUOTA,
        /** Defender answered 429, so all instances pause. */
        THROTTLED,
        /** The counter was lost or damaged, so the shortest window counts as used up. */
        RECOVERING
    }
}
