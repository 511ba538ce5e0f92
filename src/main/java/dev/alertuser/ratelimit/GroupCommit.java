package dev.alertuser.ratelimit;

import dev.alertuser.ratelimit.Allocation.NoSlot;
import dev.alertuser.ratelimit.Allocation.Outcome;
import dev.alertuser.ratelimit.Allocation.Promises;
import dev.alertuser.ratelimit.Allocation.Request;
import dev.alertuser.ratelimit.Allocation.Slot;
import dev.alertuser.ratelimit.Committer.Updated;
import dev.alertuser.ratelimit.LimiterMetrics.Count;
import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.counter.Place;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.ratelimit.counter.TimeBounds;
import dev.alertuser.ratelimit.store.StorageClock;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.Priority;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Batches the requests of this instance: the caller that gets through the breaker commits one write for all callers in the queue, interactive
 * ones first. Thread-safe.
 */
final class GroupCommit {
    /** Milliseconds, half of which a caller may spend on gathering before it is denied, or when its time in line has come. */
    private static final long MOST_SPARE = 3_000;

    /** Nanoseconds between the ends of the waits of one gathering. */
    private static final long SOON = 10_000_000;

    private final SharedCounter shared;
    private final StorageClock clock;
    private final Sleeper sleeper;
    private final RandomGenerator random;
    private final Gathering gathering;
    private final Queue<Waiter> waiting = new ConcurrentLinkedQueue<>();

    GroupCommit(SharedCounter shared, StorageClock clock, Sleeper sleeper, RandomGenerator random) {
        this.shared = shared;
        this.clock = clock;
        this.sleeper = sleeper;
        this.random = random;
        this.gathering = new Gathering(clock::nanoTime, random);
    }

    /** One request in the queue. Settled by the caller that commits its batch. */
    private static final class Waiter {
        private final Request request;

        /** By {@link StorageClock#nanoTime}, as is {@link #wakesAt}. */
        private final long giveUpAt;

        private volatile long wakesAt;
        private @Nullable Outcome outcome;
        private @Nullable BudgetUnavailableException failure;

        private Waiter(Request request, long nanoTime, long gathers) {
            this.request = request;
            this.giveUpAt = nanoTime + request.maxWait() * 1_000_000;
            this.wakesAt = nanoTime + gathers * 1_000_000;
        }

        private Request request(long nanoTime) {
            long left = Math.max(0, (giveUpAt - nanoTime) / 1_000_000);
            return new Request(request.question(), request.priority(), left, request.again());
        }

        /** Whether the caller is there to use a permit at once. */
        private boolean isAwake(long nanoTime) {
            return wakesAt - nanoTime <= SOON;
        }

        private long slotIn(Counter counter) {
            return counter.line().find(request.question()).map(Place::slot).orElse(Long.MAX_VALUE);
        }

        private boolean isSettled() {
            return outcome != null || failure != null;
        }

        private Outcome result() {
            if (failure != null) {
                throw new BudgetUnavailableException(failure.getMessage(), failure);
            }
            return Objects.requireNonNull(outcome);
        }
    }

    /**
     * Asks for a slot that opens within the wait.
     *
     * @throws BudgetUnavailableException if the table is out of reach
     */
    Outcome request(Request request) throws InterruptedException {
        Allocation known = fromMemory();
        long spare = 0;
        if (known != null) {
            Outcome outcome = known.allot(request);
            if (outcome instanceof NoSlot denied && !known.isChanged()) {
                return denied;
            }
            spare = outcome instanceof Slot slot ? spare(slot, request) : Math.min(MOST_SPARE, request.maxWait());
        }
        long millis = gathering.join(spare);
        Waiter waiter = new Waiter(request, clock.nanoTime(), millis);
        waiting.add(waiter);
        try {
            if (millis > 0) {
                sleeper.sleep(millis);
                waiter.wakesAt = clock.nanoTime();
            }
            shared.exclusively(waiter::isSettled, this::settleAll);
            return waiter.result();
        } finally {
            waiting.remove(waiter);
        }
    }

    /** Milliseconds: the way to the slot; or a part of the time within which a caller in line is served, if many come at once. */
    private long spare(Slot slot, Request request) {
        boolean crowded = shared.lastSeen()
                .map(Counter::line)
                .filter(line -> line.find(request.question())
                        .filter(line::isCrowdedAround)
                        .isPresent())
                .isPresent();
        long ahead = slot.slot() - clock.now().late();
        return crowded ? Math.max(ahead, Math.min(MOST_SPARE, request.maxWait())) : ahead;
    }

    /** By the counter as last seen: a denial that changes nothing holds, since others can only take slots, and keep their places. */
    private @Nullable Allocation fromMemory() {
        Counter seen = shared.lastSeen().orElse(null);
        if (seen == null) {
            return null;
        }
        TimeBounds now = clock.now();
        QuotaPolicy binding = seen.binding(shared.policy(), now);
        return new Allocation(seen.paused(shared.pause(), binding), shared.policy(), binding, now, random);
    }

    private void settleAll() throws InterruptedException {
        List<Waiter> batch = new ArrayList<>();
        long nanoTime = clock.nanoTime();
        for (Waiter waiter : List.copyOf(waiting)) {
            if (waiter.isAwake(nanoTime) && waiting.remove(waiter)) {
                batch.add(waiter);
            }
        }
        try {
            Result result = shared.commit((counter, binding, now) -> allot(batch, counter, binding, now));
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).outcome = result.outcomes().get(i);
            }
            count(result.promises());
        } catch (BudgetUnavailableException e) {
            batch.forEach(waiter -> waiter.failure = e);
            throw e;
        } finally {
            // After an interrupt, callers that are not settled yet go back into the queue for the next batch.
            batch.stream().filter(waiter -> !waiter.isSettled()).forEach(waiting::add);
        }
    }

    private record Result(List<Outcome> outcomes, Promises promises) {}

    /** Sorts the batch: interactive callers first, of these the ones in line first, in its order, and then by arrival. */
    private Updated<Result> allot(List<Waiter> batch, Counter counter, QuotaPolicy binding, TimeBounds now) {
        batch.sort(Comparator.<Waiter, Priority>comparing(waiter -> waiter.request.priority())
                .thenComparingLong(waiter -> waiter.slotIn(counter)));
        Allocation allocation = new Allocation(counter, shared.policy(), binding, now, random);
        List<Outcome> outcomes = new ArrayList<>(batch.size());
        for (Waiter waiter : batch) {
            outcomes.add(allocation.allot(waiter.request(clock.nanoTime())));
        }
        return allocation.isChanged()
                ? new Updated<>(allocation.next(), new Result(outcomes, allocation.promises()))
                : new Updated<>(counter, new Result(outcomes, Promises.NONE));
    }

    private void count(Promises promises) {
        LimiterMetrics metrics = shared.metrics();
        metrics.add(Count.PLACES_MADE, promises.made());
        metrics.add(Count.PLACES_KEPT, promises.kept());
        metrics.add(Count.PLACES_ABANDONED, promises.abandoned());
        metrics.add(Count.PLACES_RESET, promises.broken());
    }
}
