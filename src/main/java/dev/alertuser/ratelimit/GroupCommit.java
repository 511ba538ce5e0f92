package dev.alertuser.ratelimit;

import dev.alertuser.ratelimit.Committer.Decided;
import dev.alertuser.ratelimit.Committer.Decision;
import dev.alertuser.service.BudgetUnavailableException;
import dev.alertuser.service.Priority;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
 * One write serves all who wait in this instance: whoever gets the turn decides for everybody in the queue, interactive callers first.
 * Thread-safe.
 */
final class GroupCommit {
    private static final long LEAST_BACK_OFF = 5_000;
    private static final long MOST_BACK_OFF = 120_000;

    /** Milliseconds to the next slot that count for how long callers gather: who is asked for later may find it taken. */
    private static final long MOST_GATHERING = 10_000;

    private final Committer committer;
    private final StorageClock clock;

    private final InstantSource wallClock;
    private final Sleeper sleeper;
    private final RandomGenerator random;
    private final Turn turn;
    private final Queue<Waiter> waiting = new ConcurrentLinkedQueue<>();

    /**
     * The last denial for each priority. It holds until its time has come: others can only take slots, never give any back. While the
     * backlog asks in vain it holds for longer each time, so that not all instances ask for each slot that comes into reach.
     */
    private final Map<Priority, Denied> denials = new ConcurrentHashMap<>();

    /**
     * For each priority, by {@link StorageClock#nanoTime}: until then callers gather who have to wait for a slot anyway, and one write
     * serves them all.
     */
    private final Map<Priority, Long> gatherings = new ConcurrentHashMap<>();

    /** Milliseconds by which the last denial of the backlog may be prolonged. */
    private long backOff;

    private volatile long pausedUntil;
    private volatile @Nullable Sight sight;

    /**
     * @param wallClock only tells how old a sight of the row is
     * @param random used by one thread at a time, as is the committer
     * @param lock decides which; serves first who came first
     */
    GroupCommit(
            Committer committer,
            StorageClock clock,
            InstantSource wallClock,
            Sleeper sleeper,
            RandomGenerator random,
            Lock lock) {
        this.committer = committer;
        this.clock = clock;
        this.wallClock = wallClock;
        this.sleeper = sleeper;
        this.random = random;
        this.turn = new Turn(lock, clock::nanoTime, random);
    }

    sealed interface Outcome {}

    /** A slot is charged; in storage time. */
    record Assigned(long slot) implements Outcome {}

    /**
     * There is no slot yet.
     *
     * @param until storage time before which there is none, or asking is not worthwhile
     * @param paused true if that is because Defender asked for a pause
     */
    record Denied(long until, boolean paused) implements Outcome {
        private Denied after(long backOff) {
            return new Denied(until + backOff, paused);
        }
    }

    /** The counter as this instance saw it at that time of the wall clock. */
    private record Sight(Counter counter, Instant at) {}

    /** Settled by whoever has the turn. */
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
        Denied denied = denials.get(priority);
        if (denied != null && clock.now().late() + maxWait < denied.until()) {
            return denied;
        }
        Waiter waiter = new Waiter(priority, clock.nanoTime() + maxWait * 1_000_000);
        waiting.add(waiter);
        try {
            awaitGathering(priority);
            turn.run(waiter::isSettled, this::settleAll);
            return waiter.result();
        } finally {
            waiting.remove(waiter);
        }
    }

    private void awaitGathering(Priority priority) throws InterruptedException {
        long now = clock.nanoTime();
        long left = gatherings.getOrDefault(priority, now) - now;
        if (left > 0) {
            sleeper.sleep(left / 1_000_000);
        }
    }

    /** Lets nobody send before that storage time: here at once, elsewhere as soon as the row says so. */
    void pauseUntil(long until) throws InterruptedException {
        pausedUntil = Math.max(pausedUntil, until);
        turn.run(() -> false, () -> commit((counter, binding, now) -> new Decided<>(counter, until)));
    }

    LimiterMetrics metrics() {
        return committer.metrics();
    }

    /** The storage time before which nothing may be sent, as far as this instance knows. */
    long pausedUntil() {
        return pausedUntil;
    }

    /** The counter as last seen; empty if it never was. */
    Optional<Counter> lastSeen() {
        return Optional.ofNullable(sight).map(Sight::counter);
    }

    /**
     * The counter as it is now.
     *
     * @throws BudgetUnavailableException if the table is out of reach
     */
    Counter look() throws InterruptedException {
        turn.run(() -> false, this::refresh);
        return lastSeen().orElseThrow();
    }

    /**
     * Looks for a pause at the counter, unless it was seen within that time.
     *
     * @throws BudgetUnavailableException if the table is out of reach
     */
    void lookAgain(Duration maxAge) throws InterruptedException {
        Instant oldest = wallClock.instant().minus(maxAge);
        if (!wasSeenSince(oldest)) {
            turn.run(() -> wasSeenSince(oldest), this::refresh);
        }
    }

    private void refresh() throws InterruptedException {
        committer.refresh();
        saw();
    }

    private boolean wasSeenSince(Instant oldest) {
        Sight last = sight;
        return last != null && !last.at().isBefore(oldest) && !last.at().isAfter(wallClock.instant());
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
            // Whose turn was broken off, by an interrupt say, leaves the others to the next.
            batch.stream().filter(waiter -> !waiter.isSettled()).forEach(waiting::add);
        }
    }

    private void remember(List<Waiter> batch) {
        for (Waiter waiter : batch) {
            if (waiter.outcome instanceof Denied denied) {
                denials.put(waiter.priority, denied);
                gather(waiter.priority, denied.until());
            } else if (waiter.outcome instanceof Assigned assigned) {
                gather(waiter.priority, assigned.slot());
            }
        }
        List<Waiter> backlog = batch.stream()
                .filter(waiter -> waiter.priority == Priority.BACKLOG)
                .toList();
        if (!backlog.isEmpty()) {
            boolean inVain = backlog.stream().allMatch(waiter -> waiter.outcome instanceof Denied);
            backOff = inVain ? Math.max(LEAST_BACK_OFF, Math.min(2 * backOff, MOST_BACK_OFF)) : 0;
            denials.computeIfPresent(
                    Priority.BACKLOG,
                    (backlogged, denied) -> denied.after(backOff == 0 ? 0 : random.nextLong(backOff)));
        }
    }

    /** For a quarter to a half of the time that the next caller has to wait at least: its slot is not before the last one's. */
    private void gather(Priority priority, long lastSlot) {
        long quarter =
                Math.max(0, Math.min(MOST_GATHERING, lastSlot - clock.now().late())) / 4;
        long millis = quarter + random.nextLong(1 + quarter);
        gatherings.put(priority, clock.nanoTime() + millis * 1_000_000);
    }

    private Decided<List<Outcome>> assign(List<Waiter> batch, Counter counter, Policy binding, Interval now) {
        Counter next = counter;
        List<Outcome> outcomes = new ArrayList<>(batch.size());
        for (Waiter waiter : batch) {
            long slot = next.earliest(binding, waiter.priority, now);
            if (slot <= now.late() + waiter.left(clock.nanoTime())) {
                next = next.with(binding, waiter.priority, slot);
                outcomes.add(new Assigned(slot));
            } else {
                outcomes.add(new Denied(slot, next.pausedUntil() > now.early()));
            }
        }
        return new Decided<>(next, outcomes);
    }

    /** Commits with the pause that this instance knows of. */
    private <T> T commit(Decision<T> decision) throws InterruptedException {
        T result = committer.commit(
                (counter, binding, now) -> decision.decide(counter.pausedUntil(pausedUntil, binding), binding, now));
        saw();
        return result;
    }

    private void saw() {
        Counter counter = committer.lastSeen();
        sight = new Sight(counter, wallClock.instant());
        pausedUntil = Math.max(pausedUntil, counter.pausedUntil());
    }
}
