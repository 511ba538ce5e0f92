package dev.alertuser.ratelimit;

import dev.alertuser.ratelimit.Committer.Update;
import dev.alertuser.ratelimit.Committer.Updated;
import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.counter.Pause;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.ratelimit.counter.TimeBounds;
import dev.alertuser.ratelimit.store.StorageClock;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.RateLimiter.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Lock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Batches the requests of this instance: the caller that gets through the breaker commits one write for all callers in the queue, interactive
 * ones first. Thread-safe.
 */
final class GroupCommit {
    /** Cap in milliseconds on the distance to the next slot when the gathering time is computed: another instance may take a later slot meanwhile. */
    private static final long MOST_GATHERING = 10_000;

    private final Committer committer;
    private final StorageClock clock;
    private final Sleeper sleeper;
    private final RandomGenerator random;
    private final StoreBreaker breaker;
    private final Queue<Waiter> waiting = new ConcurrentLinkedQueue<>();

    private final Denials denials;
    private final Map<Priority, Gathering> gatherings = new ConcurrentHashMap<>();

    /** The longest pause that this instance knows of. */
    private volatile Pause pause = Pause.NONE;

    /**
     * @param random used by one thread at a time, as is the committer
     * @param lock fair; serialises access to the committer
     */
    GroupCommit(Committer committer, StorageClock clock, Sleeper sleeper, RandomGenerator random, Lock lock) {
        this.committer = committer;
        this.clock = clock;
        this.sleeper = sleeper;
        this.random = random;
        this.breaker = new StoreBreaker(lock, clock::nanoTime, random);
        this.denials = new Denials(random);
    }

    sealed interface Outcome {}

    /** A slot that is charged, in storage time. */
    record Slot(long slot) implements Outcome {}

    /**
     * No slot within the wait.
     *
     * @param until storage time before which asking again is not worthwhile
     */
    record NoSlot(long until, Cause cause) implements Outcome {
        NoSlot after(long backOff) {
            return new NoSlot(until + backOff, cause);
        }
    }

    /**
     * A time in which callers that have to wait for a slot anyway let further callers join their batch.
     *
     * @param end by {@link StorageClock#nanoTime}
     * @param slot storage time before which none of these callers can get a slot
     */
    private record Gathering(long end, long slot) {}

    /** One request in the queue. Settled by the caller that commits its batch. */
    private static final class Waiter {
        private final Priority priority;
        private final long giveUpAt;
        private @Nullable Outcome outcome;
        private @Nullable BudgetUnavailableException failure;

        /** @param giveUpAt by {@link StorageClock#nanoTime} */
        private Waiter(Priority priority, long giveUpAt) {
            this.priority = priority;
            this.giveUpAt = giveUpAt;
        }

        /** Milliseconds. */
        private long left(long nanoTime) {
            return Math.max(0, (giveUpAt - nanoTime) / 1_000_000);
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
     * Asks for a slot that opens within {@code maxWait} milliseconds.
     *
     * @throws BudgetUnavailableException if the table is out of reach
     */
    Outcome request(Priority priority, long maxWait) throws InterruptedException {
        // A cached denial: the answer is known without the table.
        NoSlot denied = denials.last(priority);
        if (denied != null && clock.now().late() + maxWait < denied.until()) {
            return denied;
        }
        Waiter waiter = new Waiter(priority, clock.nanoTime() + maxWait * 1_000_000);
        waiting.add(waiter);
        try {
            awaitGathering(priority, maxWait);
            breaker.run(waiter::isSettled, this::settleAll);
            return waiter.result();
        } finally {
            waiting.remove(waiter);
        }
    }

    /** Returns at once for a caller whose wait ends before the slot that the others gather for: it can only be denied. */
    private void awaitGathering(Priority priority, long maxWait) throws InterruptedException {
        Gathering gathering = gatherings.get(priority);
        if (gathering == null || clock.now().late() + maxWait < gathering.slot()) {
            return;
        }
        long left = (gathering.end() - clock.nanoTime()) / 1_000_000;
        if (left > 0) {
            sleeper.sleep(left);
        }
    }

    /** Stops all calls until the pause is over: in this instance at once, in the others as soon as they see the row. */
    void pause(Pause next) throws InterruptedException {
        know(next);
        breaker.run(
                () -> false,
                () -> commit((counter, binding, now) -> new Updated<>(counter.paused(next, binding), next)));
    }

    LimiterMetrics metrics() {
        return committer.metrics();
    }

    // Synchronized: callers with and without the lock of the breaker update the pause, and neither update may be lost.
    private synchronized void know(Pause other) {
        pause = Pause.longer(pause, other);
    }

    /** The longest pause that this instance knows of. */
    Pause pause() {
        return pause;
    }

    /** The counter as last seen; empty if it was never seen. */
    Optional<Counter> lastSeen() {
        return committer.lastSeen().counter();
    }

    /**
     * The counter as it is now.
     *
     * @throws BudgetUnavailableException if the table is out of reach
     */
    Counter look() throws InterruptedException {
        breaker.run(() -> false, this::read);
        return lastSeen().orElseThrow();
    }

    /**
     * Reads the counter, and with it a pause, unless it was read within {@code maxAge}.
     *
     * @throws BudgetUnavailableException if the table is out of reach
     */
    void lookAgain(Duration maxAge) throws InterruptedException {
        LastSeen lastSeen = committer.lastSeen();
        Instant oldest = lastSeen.now().minus(maxAge);
        if (!lastSeen.isSince(oldest)) {
            breaker.run(() -> lastSeen.isSince(oldest), this::read);
        }
    }

    private void read() throws InterruptedException {
        committer.forget();
        commit((counter, binding, now) -> new Updated<>(counter, true));
    }

    private void settleAll() throws InterruptedException {
        List<Waiter> batch = new ArrayList<>();
        for (Waiter next = waiting.poll(); next != null; next = waiting.poll()) {
            batch.add(next);
        }
        batch.sort(Comparator.comparing(waiter -> waiter.priority));
        try {
            List<Outcome> outcomes = commit((counter, binding, now) -> assign(batch, counter, binding, now));
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).outcome = outcomes.get(i);
            }
            remember(batch);
        } catch (BudgetUnavailableException e) {
            batch.forEach(waiter -> waiter.failure = e);
            throw e;
        } finally {
            // After an interrupt, callers that are not settled yet go back into the queue for the next batch.
            batch.stream().filter(waiter -> !waiter.isSettled()).forEach(waiting::add);
        }
    }

    private void remember(List<Waiter> batch) {
        for (Waiter waiter : batch) {
            if (waiter.outcome instanceof NoSlot denied) {
                denials.add(waiter.priority, denied);
                gather(waiter.priority, denied.until());
            } else if (waiter.outcome instanceof Slot assigned) {
                gather(waiter.priority, assigned.slot());
            }
        }
        List<Waiter> backlog = batch.stream()
                .filter(waiter -> waiter.priority == Priority.BACKLOG)
                .toList();
        if (!backlog.isEmpty()) {
            denials.backlogAsked(backlog.stream().allMatch(waiter -> waiter.outcome instanceof NoSlot));
        }
    }

    /** Gathers for a quarter to a half of the time that the next caller has to wait at least: its slot cannot be before the last one. */
    private void gather(Priority priority, long lastSlot) {
        long quarter =
                Math.max(0, Math.min(MOST_GATHERING, lastSlot - clock.now().late())) / 4;
        long millis = quarter + random.nextLong(1 + quarter);
        gatherings.put(priority, new Gathering(clock.nanoTime() + millis * 1_000_000, lastSlot));
    }

    private Updated<List<Outcome>> assign(List<Waiter> batch, Counter counter, QuotaPolicy binding, TimeBounds now) {
        Counter next = counter;
        List<Outcome> outcomes = new ArrayList<>(batch.size());
        for (Waiter waiter : batch) {
            long slot = next.earliest(binding, waiter.priority, now);
            if (slot <= now.late() + waiter.left(clock.nanoTime())) {
                next = next.with(binding, waiter.priority, slot);
                outcomes.add(new Slot(slot));
            } else {
                long retryAt = next.retryAt(committer.policy(), waiter.priority, now);
                outcomes.add(new NoSlot(retryAt, next.pause().causeAt(now.early())));
            }
        }
        return new Updated<>(next, outcomes);
    }

    /** Commits with the pause that this instance knows of, and learns the pause of the row. */
    private <T> T commit(Update<T> update) throws InterruptedException {
        try {
            return committer.commit(
                    (counter, binding, now) -> update.apply(counter.paused(pause, binding), binding, now));
        } finally {
            lastSeen().ifPresent(counter -> know(counter.pause()));
        }
    }
}
