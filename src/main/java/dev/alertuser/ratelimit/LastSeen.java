package dev.alertuser.ratelimit;

import dev.alertuser.ratelimit.counter.Counter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The counter as the table last returned it to this instance, dated by the wall clock, which advances while the process and its monotonic
 * clock are suspended. Thread-safe.
 */
final class LastSeen {
    private final InstantSource wallClock;
    private volatile @Nullable Seen last;

    LastSeen(InstantSource wallClock) {
        this.wallClock = wallClock;
    }

    private record Seen(Counter counter, Instant at) {}

    /** The wall clock, to be read for {@link #saw} before a request is sent: the row may change while its answer is on the way. */
    Instant now() {
        return wallClock.instant();
    }

    /** Records the counter that the table returned to a request sent at {@code sent}. */
    void saw(Counter counter, Instant sent) {
        last = new Seen(counter, sent);
    }

    /** Empty before the first answer. */
    Optional<Counter> counter() {
        return Optional.ofNullable(last).map(Seen::counter);
    }

    /** Whether the counter was seen at or after {@code oldest}; false also if the wall clock was set back since. */
    boolean isSince(Instant oldest) {
        Seen seen = last;
        return seen != null && !seen.at().isBefore(oldest) && !seen.at().isAfter(now());
    }
}
