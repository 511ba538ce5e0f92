package dev.alertuser.ratelimit;

import dev.alertuser.ratelimit.counter.Counter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The counter as the table last had it for this instance, and how old that sight is by the wall clock, which goes on while this process
 * and its monotonic clock stand still. Thread-safe.
 */
final class LastSeen {
    private final InstantSource wallClock;
    private volatile @Nullable Sight sight;

    LastSeen(InstantSource wallClock) {
        this.wallClock = wallClock;
    }

    private record Sight(Counter counter, Instant at) {}

    /** Now by the wall clock, for {@link #saw}: before the request is sent, since the row may change while its answer is on its way. */
    Instant now() {
        return wallClock.instant();
    }

    /** Takes in what the table answered to a request that was sent then. */
    void saw(Counter counter, Instant sent) {
        sight = new Sight(counter, sent);
    }

    /** Empty before the first answer. */
    Optional<Counter> counter() {
        return Optional.ofNullable(sight).map(Sight::counter);
    }

    /** False also if the wall clock was put back since. */
    boolean isSince(Instant oldest) {
        Sight last = sight;
        return last != null && !last.at().isBefore(oldest) && !last.at().isAfter(now());
    }
}
