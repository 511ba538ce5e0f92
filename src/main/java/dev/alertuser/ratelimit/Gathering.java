package dev.alertuser.ratelimit;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** A time in which callers that have time to spare let others join their write. Thread-safe. */
final class Gathering {
    /** Milliseconds of a caller's time to spare that are taken into account: it may also be told after it that it gets no permit. */
    private static final long MOST_SPARE = 10_000;

    private final LongSupplier nanoTime;
    private final RandomGenerator random;

    /** By {@link #nanoTime}. */
    private long end;

    Gathering(LongSupplier nanoTime, RandomGenerator random) {
        this.nanoTime = nanoTime;
        this.random = random;
        this.end = nanoTime.getAsLong();
    }

    /**
     * Milliseconds that a caller should wait: to the end of the gathering under way if it has so much time, else up to the end of one that it
     * begins, a quarter to a half of its time.
     *
     * @param spare milliseconds that the caller has to wait, or is willing to wait in vain
     */
    synchronized long join(long spare) {
        long left = Math.max(0, (end - nanoTime.getAsLong()) / 1_000_000);
        if (left > spare / 2) {
            return 0;
        } else if (left == 0) {
            long quarter = Math.max(0, Math.min(MOST_SPARE, spare)) / 4;
            left = quarter + random.nextLong(1 + quarter);
            end = nanoTime.getAsLong() + left * 1_000_000;
        }
        return left;
    }
}
