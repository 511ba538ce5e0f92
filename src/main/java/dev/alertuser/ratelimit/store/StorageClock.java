package dev.alertuser.ratelimit.store;

import dev.alertuser.ratelimit.counter.TimeBounds;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * The storage service's time as far as its {@code Date} headers show it, so that all instances count by one clock, whatever their own clocks
 * show.
 *
 * <p>A header names the second in which an answer was made, and the answer was made between sending and receiving. So each answer bounds
 * the offset between the service's time and our monotonic clock from below and from above, and the true offset lies between the highest lower
 * and the lowest upper bound. After one answer the bounds are a second and a round trip apart; answers around the turn of a second bring them
 * together to a few tens of milliseconds. They slowly widen again, since clocks drift.
 *
 * <p>Where the clocks of front ends differ, or a front end renews its header late, the bounds cross: the lower one comes from the clock that
 * is ahead, the upper one from the clock behind. Both are kept, so the interval between them contains the time of either clock. Bounds that
 * cross by more than front ends may differ are a contradiction: the time jumped, and the bounds are reset.
 *
 * <p>Thread-safe.
 */
public final class StorageClock {
    private static final long SECOND = 1_000_000_000L;

    /** Added on either side: a front end's clock need not be exact to the millisecond. */
    private static final long TOLERANCE = 20_000_000L;

    /**
     * How far the clocks of front ends may differ. The interval widens by as much as they do, and shortens the send deadline of a permit that is
     * used at once: with the default margin by a quarter at most.
     */
    private static final long MAX_SKEW = 250_000_000L;

    /** 50 parts per million: how fast a machine's oscillator may drift from a disciplined clock. */
    private static final long DRIFT_DIVISOR = 20_000;

    private final LongSupplier nanoTime;

    private boolean set;
    private long lowerBound;
    private long upperBound;
    private long changedAt;

    public StorageClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The monotonic clock behind this one, in nanoseconds; for the two times that {@link #observe} takes. */
    public long nanoTime() {
        return nanoTime.getAsLong();
    }

    /**
     * Narrows the bounds by one answer.
     *
     * @param sent {@link #nanoTime} before the request was sent
     * @param received {@link #nanoTime} after the answer was there
     * @param date the answer's {@code Date} header
     * @return false if it contradicts the bounds by more than the skew of front ends: a clock jumped, or this process was suspended. The
     *     bounds are then reset to this answer
     */
    public synchronized boolean observe(long sent, long received, Instant date) {
        long second = date.getEpochSecond() * SECOND;
        long low = second - received;
        long high = second + SECOND - sent;
        // Older bounds are worth less: either side may have drifted since.
        long drift = set ? Math.max(0, received - changedAt) / DRIFT_DIVISOR : 0;
        long lower = set ? Math.max(low, lowerBound - drift) : low;
        long upper = set ? Math.min(high, upperBound + drift) : high;
        boolean agrees = lower - upper <= 2 * TOLERANCE + MAX_SKEW;
        lowerBound = agrees ? lower : low;
        upperBound = agrees ? upper : high;
        changedAt = received;
        set = true;
        return agrees;
    }

    /** True once there was an answer. */
    public synchronized boolean isSet() {
        return set;
    }

    /**
     * What is known of the time now.
     *
     * @throws IllegalStateException before the first answer
     */
    public synchronized TimeBounds now() {
        if (!set) {
            throw new IllegalStateException("the storage service's time is not known before its first answer");
        }
        long now = nanoTime.getAsLong();
        long doubt = TOLERANCE + Math.max(0, now - changedAt) / DRIFT_DIVISOR;
        long early = now + Math.min(lowerBound, upperBound) - doubt;
        long late = now + Math.max(lowerBound, upperBound) + doubt;
        return new TimeBounds(Math.floorDiv(early, 1_000_000L), Math.floorDiv(late, 1_000_000L) + 1);
    }

    /** Milliseconds, up to 1000, until an answer would halve the interval: when the middle of the interval is at the turn of a second. */
    public synchronized long untilNarrowable() {
        TimeBounds now = now();
        long middle = now.early() + now.width() / 2;
        return 1000 - Math.floorMod(middle, 1000L);
    }
}
