package dev.alertuser.ratelimit;

import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * The storage service's time as far as its {@code Date} headers tell, so that all instances count with one clock whatever their own say.
 *
 * <p>A header names the second in which an answer was made, and the answer was made between sending and receiving. So the offset between
 * the service's time and our monotonic clock lies in an interval, each answer gives another, and the truth lies in what they share. After
 * one answer the interval is a second and a round trip wide; answers around the turn of a second narrow it down to a few tens of
 * milliseconds. It is widened again slowly, since clocks drift.
 *
 * <p>Thread-safe.
 */
final class StorageClock {
    private static final long SECOND = 1_000_000_000L;

    /** Servers of one service, and the header's own clock, need not agree to the millisecond. */
    private static final long TOLERANCE = 20_000_000L;

    /** 50 parts per million: what a machine's oscillator may drift apart from a disciplined clock. */
    private static final long DRIFT_DIVISOR = 20_000;

    private final LongSupplier nanoTime;

    private boolean set;
    private long lowest;
    private long highest;
    private long changedAt;

    StorageClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The monotonic clock behind this one, in nanoseconds; for the two times that {@link #observe} takes. */
    long nanoTime() {
        return nanoTime.getAsLong();
    }

    /**
     * Takes in one answer.
     *
     * @param sent {@link #nanoTime} before the request was sent
     * @param received {@link #nanoTime} after the answer was there
     * @param date the answer's {@code Date} header
     * @return false if it contradicts what was known: a clock jumped or this process stood still. What was known is then forgotten
     */
    synchronized boolean observe(long sent, long received, Instant date) {
        long second = date.getEpochSecond() * SECOND;
        long low = second - received - TOLERANCE;
        long high = second + SECOND - sent + TOLERANCE;
        long drift = set ? Math.max(0, received - changedAt) / DRIFT_DIVISOR : 0;
        long lower = set ? Math.max(low, lowest - drift) : low;
        long higher = set ? Math.min(high, highest + drift) : high;
        boolean agrees = lower <= higher;
        lowest = agrees ? lower : low;
        highest = agrees ? higher : high;
        changedAt = received;
        set = true;
        return agrees;
    }

    /** True once an answer was seen. */
    synchronized boolean isSet() {
        return set;
    }

    /** @throws IllegalStateException before the first answer */
    synchronized Interval now() {
        if (!set) {
            throw new IllegalStateException("the storage service's time is not known before its first answer");
        }
        long now = nanoTime.getAsLong();
        long drift = Math.max(0, now - changedAt) / DRIFT_DIVISOR;
        return new Interval(
                Math.floorDiv(now + lowest - drift, 1_000_000L), Math.floorDiv(now + highest + drift, 1_000_000L) + 1);
    }

    /** Milliseconds, up to 1000, until an answer would halve the interval: when its middle is at the turn of a second. */
    synchronized long untilNarrowable() {
        Interval now = now();
        long middle = now.early() + now.width() / 2;
        return 1000 - Math.floorMod(middle, 1000L);
    }
}
