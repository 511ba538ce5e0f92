package dev.alertuser.ratelimit.store;

import dev.alertuser.ratelimit.counter.TimeBounds;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The storage service's time as far as its {@code Date} headers show it, so that all instances count by one clock, whatever their own clocks
 * show.
 *
 * <p>A header names the second in which an answer was made, and the answer was made between sending and receiving. So each answer bounds
 * the offset between the service's time and our monotonic clock from below and from above, and the true offset lies between the highest lower
 * and the lowest upper bound. After one answer the bounds are a second and a round trip apart; answers around the turn of a second bring them
 * together to a few tens of milliseconds. They slowly widen again, since clocks drift. Nothing waits for them to come together: a permit is
 * logged with all that is known of its moment.
 *
 * <p>Where the clocks of front ends differ, or a front end renews its header late, the bounds cross: the lower one comes from the clock that
 * is ahead, the upper one from the clock behind. Both are kept, so the interval between them contains the time of either clock, for 10 to 20
 * minutes after the clocks were last seen to differ. Bounds that cross by more than front ends may differ are a contradiction: the time jumped,
 * or this process was suspended, and the bounds are reset.
 *
 * <p>Thread-safe.
 */
public final class StorageClock {
    private static final long SECOND = 1_000_000_000L;

    /** Added on either side: a front end's clock need not be exact to the millisecond. */
    private static final long TOLERANCE = 20_000_000L;

    /** How far the clocks of front ends may differ, headers that are renewed once a second included. */
    private static final long MAX_SKEW = 3 * SECOND;

    /** How long bounds are kept at least. */
    private static final long GENERATION = 600 * SECOND;

    /** 50 parts per million: how fast a machine's oscillator may drift from a disciplined clock. */
    private static final long DRIFT_DIVISOR = 20_000;

    private final LongSupplier nanoTime;

    /** What the answers of the last 10 minutes said; null before the first. */
    private @Nullable Bounds recent;

    /** What those before them said. */
    private @Nullable Bounds former;

    private long recentSince;
    private long changedAt;

    /** Bounds of the offset, in nanoseconds. */
    private record Bounds(long lower, long upper) {
        Bounds and(@Nullable Bounds other) {
            return other == null ? this : new Bounds(Math.max(lower, other.lower), Math.min(upper, other.upper));
        }

        Bounds widened(long drift) {
            return new Bounds(lower - drift, upper + drift);
        }

        boolean agree() {
            return lower - upper <= 2 * TOLERANCE + MAX_SKEW;
        }
    }

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
        Bounds answer = new Bounds(second - received, second + SECOND - sent);
        if (recent == null) {
            begin(answer, received);
            return true;
        }
        // Older bounds are worth less: either side may have drifted since.
        long drift = Math.max(0, received - changedAt) / DRIFT_DIVISOR;
        Bounds last = recent.widened(drift);
        former = former == null ? null : former.widened(drift);
        boolean agrees = answer.and(last).and(former).agree();
        if (!agrees) {
            former = null;
            begin(answer, received);
        } else if (received - recentSince > GENERATION) {
            former = last;
            begin(answer, received);
        } else {
            recent = answer.and(last);
            changedAt = received;
        }
        return agrees;
    }

    private void begin(Bounds answer, long received) {
        recent = answer;
        recentSince = received;
        changedAt = received;
    }

    /** True once there was an answer. */
    public synchronized boolean isSet() {
        return recent != null;
    }

    /**
     * What is known of the time now.
     *
     * @throws IllegalStateException before the first answer
     */
    public synchronized TimeBounds now() {
        if (recent == null) {
            throw new IllegalStateException("the storage service's time is not known before its first answer");
        }
        Bounds bounds = recent.and(former);
        long now = nanoTime.getAsLong();
        long doubt = TOLERANCE + Math.max(0, now - changedAt) / DRIFT_DIVISOR;
        long early = now + Math.min(bounds.lower(), bounds.upper()) - doubt;
        long late = now + Math.max(bounds.lower(), bounds.upper()) + doubt;
        return new TimeBounds(Math.floorDiv(early, 1_000_000L), Math.floorDiv(late, 1_000_000L) + 1);
    }
}
