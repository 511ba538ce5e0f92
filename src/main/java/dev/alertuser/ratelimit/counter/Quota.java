package dev.alertuser.ratelimit.counter;

import dev.alertuser.service.budget.Priority;
import java.time.Duration;

/**
 * Permits per rolling window.
 *
 * @param permits at most this many in any window; 1 to 10 000, so that the log fits one table property
 * @param window its length, a whole number of milliseconds, at most a day
 * @param reserve permits that {@link Priority#BACKLOG} leaves to {@link Priority#INTERACTIVE}; fewer than {@code permits}
 */
public record Quota(int permits, Duration window, int reserve) {
    private static final int MAX_PERMITS = 10_000;
    private static final Duration MAX_WINDOW = Duration.ofDays(1);

    public Quota {
        if (permits < 1 || permits > MAX_PERMITS) {
            throw new IllegalArgumentException("permits must be 1 to " + MAX_PERMITS + " but was " + permits);
        }
        if (window.toMillis() < 1 || window.compareTo(MAX_WINDOW) > 0 || window.toNanosPart() % 1_000_000 != 0) {
            throw new IllegalArgumentException(
                    "window must be whole milliseconds up to " + MAX_WINDOW + " but was " + window);
        }
        if (reserve < 0 || reserve >= permits) {
            throw new IllegalArgumentException("reserve must be 0 to " + (permits - 1) + " but was " + reserve);
        }
    }

    /** Number of permits in a window up to which callers of this priority are granted more. */
    int permitsFor(Priority priority) {
        return priority == Priority.INTERACTIVE ? permits : permits - reserve;
    }
}
