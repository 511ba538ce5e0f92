package dev.alertuser.ratelimit.store;

import dev.alertuser.ratelimit.counter.TimeBounds;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * The storage service's time as far as its {@code Date} headers tell, so that all instances count with one clock whatever their own say.
 *
 * <p>A header names the second in which an answer was made, and the answer was made between sending and receiving. So each answer bounds
 * the offset between the service's time and our monotonic clock from below and from above, and the truth lies between the highest lower
 * and the lowest upper bound. After one answer they are a second and a round trip apart; answers around the turn of a second bring them
 * together to a few tens of milliseconds. They part again slowly, since clocks drift.
 *
 * <p>Where front ends differ, or renew their header late, the bounds cross: the lower one comes from the clock that is ahead, the upper one
 * from the clock behind. Both are then kept, so the interval between them holds the time of either. Bounds that cross by more than front
 * ends may differ are no bounds any more: the time jumped, and what was known is forgotten.
 *
 * <p>Thread-safe.
 */
public final class StorageClock {
    private static final long SECOND = 1_000_000_000L;

    /** Added to either side. Even an honest header's own clock need not be right to the millisecond. */
    private static final long TOLERANCE = 20_000_000L;

    /**
     * How far the clocks of front ends may differ. All this while the interval is that much wider, so a permit that is used at once has that
     * much less than its send deadline: with the usual margin a quarter less, at the most.
     */
    private static final long MAX_SKEW = 250_000_000L;

    /** 50 parts per million: what a machine's oscillator may drift apart from a disciplined clock. */
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
     * Takes in one answer.
     *
     * @param sent {@link #nanoTime} before the request was sent
     * @param received {@link #nanoTime} after the answer was there
     * @param date the answer's {@code Date} header
     * @return false if it contradicts what was known by more than the skew of front ends: a clock jumped, or this process stood still.
     *     What was known is then forgotten
     */
    public synchronized boolean observe(long sent, long received, Instant date) {
        long second = date.getEpochSecond() * SECOND;
        long low = second - received;
        long high = second + SECOND - sent;
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

    /** True once an answer was seen. */
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

    /** Milliseconds, up to 1000, until an answer would halve the interval: when its middle is at the turn of a second. */
    public synchronized long untilNarrowable() {
        TimeBounds now = now();
        long middle = now.early() + now.width() / 2;
        return 1000 - Math.floorMod(middle, 1000L);
    }
}
