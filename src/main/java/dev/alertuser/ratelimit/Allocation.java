package dev.alertuser.ratelimit;

import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.counter.Place;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.ratelimit.counter.TimeBounds;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.QuestionKey;
import dev.alertuser.service.budget.RateLimiter.Cause;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What requests get from one state of the counter, one after the other:
 *
 * <ol>
 *   <li>a slot within the wait, also if it is sooner than the question's place;
 *   <li>else, if interactive, the time of the question's place, which is made if there is none;
 *   <li>else, for the backlog, a turn of its own, at the even pace, which is told and not kept.
 * </ol>
 *
 * <p>Does no I/O. For one thread.
 */
final class Allocation {
    /** Milliseconds after which a caller finds the answer to the question that another one is asking. */
    private static final long SOON = 1_000;

    private final QuotaPolicy own;
    private final QuotaPolicy binding;
    private final TimeBounds now;
    private final RandomGenerator random;

    private final int abandoned;
    private final int broken;
    private Counter next;
    private boolean changed;
    private int made;
    private int kept;

    /** @param own the policy of this instance; that of others may bind, too */
    Allocation(Counter counter, QuotaPolicy own, QuotaPolicy binding, TimeBounds now, RandomGenerator random) {
        this.own = own;
        this.binding = binding;
        this.now = now;
        this.random = random;
        Counter current = counter.withoutLapsed(now);
        // The line is legal under the policies of the row. Another one may be stricter.
        next = counter.policies().containsKey(own) ? current : current.relaid(binding);
        changed = !next.equals(current);
        abandoned = counter.line().waiting() - current.line().waiting();
        broken = current.line().missingFrom(next.line());
    }

    /**
     * What a caller asks for.
     *
     * @param maxWait milliseconds
     * @param again true if this caller has just claimed a permit that came too late to be used
     */
    record Request(QuestionKey question, Priority priority, long maxWait, boolean again) {
        Request(QuestionKey question, Priority priority, long maxWait) {
            this(question, priority, maxWait, false);
        }
    }

    sealed interface Outcome {}

    /**
     * A permit that is charged.
     *
     * @param slot storage time
     * @param end storage time; later than the slot by what was not known of the time
     */
    record Slot(long slot, long end) implements Outcome {}

    /**
     * No permit within the wait.
     *
     * @param until storage time before which asking again is not worthwhile
     */
    record NoSlot(long until, Cause cause) implements Outcome {}

    Outcome allot(Request request) {
        return request.priority() == Priority.INTERACTIVE ? allotInteractive(request) : allotBacklog(request);
    }

    private Outcome allotInteractive(Request request) {
        Optional<Place> found = next.line().find(request.question());
        Optional<Place> open = found.filter(place -> !place.claimed());
        Counter others = open.map(next::without).orElse(next);
        long slot = others.earliest(binding, Priority.INTERACTIVE, now);
        if (isWithin(slot, request)) {
            kept += open.isPresent() ? 1 : 0;
            return charge(open.map(place -> next.claimed(place, slot)).orElse(next), Priority.INTERACTIVE, slot);
        } else if (open.isPresent()) {
            return denied(open.get().slot(), Priority.INTERACTIVE);
        } else if (found.isPresent() && !request.again()) {
            return new NoSlot(now.early() + SOON, Cause.CLAIMED);
        }
        next = found.map(next::without).orElse(next);
        long end = next.endOfLine(binding, now);
        Optional<Counter> promised = next.promised(binding, request.question(), end, now);
        if (promised.isEmpty()) {
            return denied(end + random.nextLong(binding.longestSpan() / 4), Priority.INTERACTIVE);
        }
        next = promised.get();
        changed = true;
        made++;
        return denied(end, Priority.INTERACTIVE);
    }

    private Outcome allotBacklog(Request request) {
        long slot = next.earliest(binding, Priority.BACKLOG, now);
        if (isWithin(slot, request)) {
            return charge(next, Priority.BACKLOG, slot);
        }
        long first = next.retryAt(own, Priority.BACKLOG, slot, now);
        long horizon = QuotaPolicy.BACKLOG_HORIZON.toMillis();
        if (next.deferredUntil() > first + horizon) {
            // All turns are given out. Who asks now comes when some of them are over, and not with all the others.
            return new NoSlot(first + horizon + random.nextLong(horizon), cause());
        }
        long turn = Math.max(first, next.deferredUntil());
        next = next.deferred(binding, turn);
        changed = true;
        return new NoSlot(turn, cause());
    }

    private boolean isWithin(long slot, Request request) {
        return slot <= now.late() + request.maxWait();
    }

    private Slot charge(Counter counter, Priority priority, long slot) {
        next = counter.with(binding, priority, slot, now);
        changed = true;
        return new Slot(slot, slot + Counter.doubt(binding, now));
    }

    private NoSlot denied(long slot, Priority priority) {
        return new NoSlot(next.retryAt(own, priority, slot, now), cause());
    }

    private Cause cause() {
        return next.pause().causeAt(now.early());
    }

    /** True if what was allotted has to be written. Places that lapsed are not written for their own sake. */
    boolean isChanged() {
        return changed;
    }

    /** The counter to write. */
    Counter next() {
        return next;
    }

    /** What became of places, if what was allotted is written. */
    Promises promises() {
        return new Promises(made, kept, abandoned, broken);
    }

    /**
     * Numbers of places.
     *
     * @param abandoned that nobody claimed in time
     * @param broken that were moved or dropped, since the settings of this instance are stricter than those that they were made under
     */
    record Promises(int made, int kept, int abandoned, int broken) {
        static final Promises NONE = new Promises(0, 0, 0, 0);
    }
}
