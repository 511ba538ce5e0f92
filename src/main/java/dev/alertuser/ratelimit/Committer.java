package dev.alertuser.ratelimit;

import dev.alertuser.ratelimit.LimiterMetrics.Count;
import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.ratelimit.counter.TimeBounds;
import dev.alertuser.ratelimit.counter.UnknownFormatException;
import dev.alertuser.ratelimit.store.CounterStore;
import dev.alertuser.ratelimit.store.CounterStore.Row;
import dev.alertuser.ratelimit.store.CounterStore.Write;
import dev.alertuser.ratelimit.store.CounterUnavailableException;
import dev.alertuser.ratelimit.store.StorageClock;
import dev.alertuser.service.budget.BudgetUnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Changes the row: read, decide, replace, and on a lost race again.
 *
 * <ol>
 *   <li>It starts from the table; or, while nobody else writes, from what it wrote last, which saves the read.
 *   <li>A lost race is decided anew from the row as it is then, after a short random wait.
 *   <li>A write without an answer is ambiguous. Its commit id in the row says that it landed. The row unchanged says nothing, so the
 *       identical bytes are sent again: one ETag lets at most one of the two land. Another ETag without the id says that it did not land
 *       and never can; unless more than the 16 writes came since whose ids the row holds: then its permits are charged twice.
 *   <li>If the answer to a write shows that the time was not what it seemed, nothing that was stamped in it is used: the next write starts
 *       from what was there before. A read may show that, too, before it finds an id that landed without an answer; such a permit is
 *       judged by the time as it is known then, before it is used.
 *   <li>A row that is corrupt, gone, or older than it was before is replaced by {@link Counter#assumedUsed}.
 * </ol>
 *
 * <p>Not thread-safe: one thread at a time.
 */
final class Committer {
    private static final Logger LOG = System.getLogger(Committer.class.getName());

    private static final int MAX_TRIES = 30;
    private static final int MAX_FAILURES = 3;
    private static final long MAX_BACK_OFF_MILLIS = 1000;

    private final CounterStore store;
    private final StorageClock clock;
    private final QuotaPolicy policy;
    private final Sleeper sleeper;
    private final RandomGenerator random;
    private final LimiterMetrics metrics;
    private final LastSeen lastSeen;

    private State seen = new State(Counter.EMPTY, null);

    /** The newest version ever seen, once there was a row. */
    private long newestVersion;

    private boolean sawRow;

    private long ownVersion = -1;

    /** True if the table was last found as this instance had left it: then nobody else writes now. */
    private boolean alone;

    /** @param wallClock only tells how old a sight of the row is */
    Committer(
            CounterStore store,
            StorageClock clock,
            QuotaPolicy policy,
            InstantSource wallClock,
            Sleeper sleeper,
            RandomGenerator random) {
        this.store = store;
        this.clock = clock;
        this.policy = policy;
        this.sleeper = sleeper;
        this.random = random;
        this.metrics = new LimiterMetrics(clock.nanoTime());
        this.lastSeen = new LastSeen(wallClock);
    }

    /** What to write, given the state. LookupOutcome again with newer state when a race was lost. */
    @FunctionalInterface
    interface Decision<T> {
        Decided<T> decide(Counter counter, QuotaPolicy binding, TimeBounds now);
    }

    /**
     * @param next the counter to write; the one given if there is nothing to write
     * @param result what the decision means, once it is written
     */
    record Decided<T>(Counter next, T result) {}

    /**
     * What a decision starts from.
     *
     * @param mustWrite true if the row must be replaced whatever is decided
     * @param fault what was wrong with the row, so that the counter is made up; null if nothing was
     */
    private record State(
            Counter counter,
            @Nullable String eTag,
            boolean mustWrite,
            @Nullable String fault) {
        private State(Counter counter, @Nullable String eTag) {
            this(counter, eTag, false, null);
        }
    }

    private record Attempt<T>(State from, UUID id, Counter next, T result) {}

    /** What the table's answers showed. A decision from memory that writes nothing adds nothing to it. */
    LastSeen lastSeen() {
        return lastSeen;
    }

    /** This instance's own. */
    QuotaPolicy policy() {
        return policy;
    }

    LimiterMetrics metrics() {
        return metrics;
    }

    /** Lets the next commit begin with the row as it is then. */
    void forget() {
        alone = false;
    }

    /**
     * Makes one decision and writes it down.
     *
     * @throws BudgetUnavailableException if it was not written, or if that cannot be found out
     */
    <T> T commit(Decision<T> decision) throws InterruptedException {
        Attempt<T> open = null;
        int failures = 0;
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            long began = clock.nanoTime();
            Instant sent = lastSeen.now();
            try {
                State state = alone && open == null ? seen : read(sent);
                if (open != null && state.counter().commits().contains(open.id())) {
                    landed(open);
                    return open.result();
                }
                if (open == null || !Objects.equals(open.from().eTag(), state.eTag())) {
                    TimeBounds now = clock.now();
                    Decided<T> decided =
                            decision.decide(state.counter(), state.counter().binding(policy, now), now);
                    if (decided.next().equals(state.counter()) && !state.mustWrite()) {
                        return decided.result();
                    }
                    open = attempt(state, decided, now);
                }
                Write write = replace(open.next(), state.eTag());
                if (write.eTag() != null && write.timely()) {
                    wrote(new State(open.next(), write.eTag()), sent);
                    landed(open);
                    return open.result();
                }
                if (write.eTag() != null) {
                    takeBack(open, write.eTag(), sent);
                    open = null;
                    failures++;
                    if (failures == MAX_FAILURES) {
                        throw new BudgetUnavailableException("the storage service's dates contradict each other", null);
                    }
                    continue;
                }
            } catch (CounterUnavailableException e) {
                failures++;
                if (failures == MAX_FAILURES) {
                    throw new BudgetUnavailableException(e.getMessage(), e);
                }
            } catch (UnknownFormatException e) {
                throw new BudgetUnavailableException(e.getMessage(), e);
            }
            alone = false;
            sleeper.sleep(backOff(tries, began));
        }
        throw new BudgetUnavailableException(
                "the counter changed " + MAX_TRIES + " times before a write of ours", null);
    }

    /** Up to twice the time that the try took, and each time twice as long: a shorter wait would meet the same rivals again. */
    private long backOff(int tries, long began) {
        long took = 1 + (clock.nanoTime() - began) / 1_000_000;
        return 1 + random.nextLong(Math.min(MAX_BACK_OFF_MILLIS, took << Math.min(tries + 1, 6)));
    }

    private <T> Attempt<T> attempt(State state, Decided<T> decided, TimeBounds now) {
        UUID id = UUID.randomUUID();
        return new Attempt<>(state, id, decided.next().committed(id, policy, now), decided.result());
    }

    private Write replace(Counter next, @Nullable String eTag) {
        metrics.add(Count.OPERATIONS);
        try {
            Write write = store.replace(next, eTag);
            if (write.eTag() == null) {
                metrics.add(Count.CONFLICTS);
            }
            return write;
        } catch (CounterUnavailableException e) {
            metrics.add(Count.AMBIGUOUS_WRITES);
            throw e;
        }
    }

    private State read(Instant sent) {
        metrics.add(Count.OPERATIONS);
        seen = state(store.read());
        lastSeen.saw(seen.counter(), sent);
        alone = seen.counter().version() == ownVersion;
        newestVersion = seen.counter().version();
        sawRow |= seen.eTag() != null;
        return seen;
    }

    private State state(@Nullable Row row) {
        if (row == null) {
            return sawRow ? madeUp("gone", null) : new State(Counter.EMPTY, null);
        }
        Counter counter = row.counter();
        if (counter == null) {
            return madeUp("damaged", row.eTag());
        }
        if (sawRow && counter.isOlderThan(newestVersion)) {
            return madeUp("older than before", row.eTag());
        }
        Counter plausible = counter.plausible(policy, clock.now());
        return new State(plausible, row.eTag(), !plausible.equals(counter), null);
    }

    private State madeUp(String fault, @Nullable String eTag) {
        return new State(Counter.assumedUsed(policy, clock.now(), newestVersion), eTag, true, fault);
    }

    /** Whoever replaced a faulty row tells of it, so that each is told of once. */
    private void landed(Attempt<?> attempt) {
        if (attempt.from().fault() != null) {
            metrics.add(Count.RECOVERIES);
            LOG.log(
                    Level.WARNING,
                    "the counter's row was " + attempt.from().fault()
                            + "; it is replaced by one that takes the shortest"
                            + " window as used up and the longest as evenly used");
        }
    }

    private void takeBack(Attempt<?> attempt, String eTag, Instant sent) {
        State from = attempt.from();
        wrote(new State(from.counter().at(attempt.next().version()), eTag, true, from.fault()), sent);
        alone = true;
    }

    private void wrote(State state, Instant sent) {
        seen = state;
        lastSeen.saw(state.counter(), sent);
        ownVersion = state.counter().version();
        newestVersion = ownVersion;
        sawRow = true;
    }
}
