package dev.alertuser.ratelimit;

import java.util.function.LongSupplier;

/**
 * Estimates how often other instances write the row, to tell whether a write without a read before it is likely to win. For one thread.
 *
 * <p>A read before each write costs one request. A write without one costs nothing if it wins, and else the lost write besides the read. So it
 * pays while more than half of such writes win, which is while others write less than 0.7 times on average in the time since the row was seen.
 */
final class Rivals {
    /** Writes of others in the time since the row was seen, on average, up to which it stays the same in most cases; with some reserve. */
    private static final double MOST_WRITES = 0.5;

    /** Nanoseconds after which what was observed counts half. */
    private static final double HALF_LIFE = 10e9;

    private final LongSupplier nanoTime;

    private long seenAt;
    private long version;
    private boolean seen;

    /**
     * Writes of others within {@link #nanos}. Before anything was observed, one a second is assumed: an instance that took itself for alone as
     * soon as it has seen the row would lose its first race wherever there are many.
     */
    private double writes = 1;

    private double nanos = 1e9;

    Rivals(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A read found that version. */
    void saw(long newVersion) {
        observe(newVersion, newVersion - version);
    }

    /** A write of this instance made that version. */
    void wrote(long newVersion) {
        observe(newVersion, newVersion - version - 1);
    }

    private void observe(long newVersion, long byOthers) {
        long now = nanoTime.getAsLong();
        if (seen) {
            long since = Math.max(0, now - seenAt);
            double weight = Math.pow(0.5, since / HALF_LIFE);
            writes = writes * weight + Math.max(0, byOthers);
            nanos = nanos * weight + since;
        }
        seen = true;
        seenAt = now;
        version = newVersion;
    }

    /** Whether most likely nobody else has written the row since it was seen. */
    boolean areLikelyIdle() {
        return seen && writes * Math.max(0, nanoTime.getAsLong() - seenAt) <= MOST_WRITES * nanos;
    }
}
