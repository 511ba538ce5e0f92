package dev.alertuser.service;

import java.time.Duration;
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
     * The budget as the counter has it now.
     *
     * @throws BudgetUnavailableException if the counter is out of reach
     */
    BudgetStatus status() throws InterruptedException;

    /** The budget as this instance last saw it, carried forward to now; empty if it never did. Asks nobody. */
    Optional<BudgetStatus> lastStatus();

    /**
     * All that can be told of the budget, from the counter as it is now.
     *
     * @param backlog requests that wait in the queue, for the time by which they are served
     * @throws BudgetUnavailableException if the counter is out of reach
     */
    BudgetReport report(long backlog) throws InterruptedException;

    /** What this instance did since it was last asked, as a line of JSON for its log; empty if that was less than a minute ago. */
    Optional<String> minute();

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
