package dev.alertuser.ratelimit;

import dev.alertuser.ratelimit.GroupCommit.Denied;
import dev.alertuser.service.budget.Priority;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The last denial for each priority, which answers further callers without the table. It holds until its time has come: others can only
 * take slots, never give any back, and {@link dev.alertuser.ratelimit.counter.Counter#retryAt} knows when limits of theirs stop counting. While the backlog asks in vain
 * it holds for longer each time, so that not all instances ask for each slot that comes into reach.
 *
 * <p>Read by any thread, written by one at a time.
 */
final class Denials {
    private static final long LEAST_BACK_OFF = 5_000;
    private static final long MOST_BACK_OFF = 120_000;

    private final RandomGenerator random;
    private final Map<Priority, Denied> last = new ConcurrentHashMap<>();

    /** Milliseconds by which the last denial of the backlog may be prolonged. */
    private long backOff;

    Denials(RandomGenerator random) {
        this.random = random;
    }

    /** Null before the first. */
    @Nullable
    Denied last(Priority priority) {
        return last.get(priority);
    }

    void add(Priority priority, Denied denied) {
        last.put(priority, denied);
    }

    /** @param inVain true if the backlog asked and got nothing */
    void backlogAsked(boolean inVain) {
        backOff = inVain ? Math.max(LEAST_BACK_OFF, Math.min(2 * backOff, MOST_BACK_OFF)) : 0;
        if (inVain) {
            last.computeIfPresent(Priority.BACKLOG, (backlog, denied) -> denied.after(random.nextLong(backOff)));
        }
    }
}
