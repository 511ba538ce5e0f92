package dev.alertuser.ratelimit;

import dev.alertuser.ratelimit.GroupCommit.NoSlot;
import dev.alertuser.service.budget.Priority;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Caches the last denial for each priority, so that further callers are denied without the table.
 *
 * <p>A denial holds until its time: meanwhile other instances can take slots but never return any, and
 * {@link dev.alertuser.ratelimit.counter.Counter#retryAt} includes the moment at which stricter limits of other instances expire. For the
 * backlog a denial holds longer after each fruitless request (exponential backoff with jitter), so that not every instance competes for
 * each slot that comes into reach.
 *
 * <p>Read by any thread, written by one thread at a time.
 */
final class Denials {
    private static final long LEAST_BACK_OFF = 5_000;
    private static final long MOST_BACK_OFF = 120_000;

    private final RandomGenerator random;
    private final Map<Priority, NoSlot> last = new ConcurrentHashMap<>();

    /** Milliseconds; upper bound of the random time by which the last denial of the backlog is prolonged. */
    private long backOff;

    Denials(RandomGenerator random) {
        this.random = random;
    }

    /** The last denial; null before the first. */
    @Nullable
    NoSlot last(Priority priority) {
        return last.get(priority);
    }

    void add(Priority priority, NoSlot denied) {
        last.put(priority, denied);
    }

    /** @param inVain true if all requests of the backlog in a batch were denied */
    void backlogAsked(boolean inVain) {
        backOff = inVain ? Math.max(LEAST_BACK_OFF, Math.min(2 * backOff, MOST_BACK_OFF)) : 0;
        if (inVain) {
            last.computeIfPresent(Priority.BACKLOG, (backlog, denied) -> denied.after(random.nextLong(backOff)));
        }
    }
}
