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
 *   <li>It starts from the table; or from what it saw last, if it is likely that no other instance has written since ({@link Rivals}), which
 *       saves the read.
 *   <li>After a lost race it reads the row and decides again, after a short random backoff.
 *   <li>A write without an answer is ambiguous. If its commit id is in the row, it landed. If the row is unchanged, it may still land, so the
 *       identical bytes are sent again: with the same ETag, at most one of the two can land. If the ETag is another one and the id is
 *       missing, the write did not land and never can. (Only if 64 writes came in between, the id may have left the row; then the
 *       permits are charged twice.)
 *   <li>If the answer to a write contradicts what was known of the time, no slot of that write is used: the next write starts from the state
 *       before it. A read may show the contradiction first, and then find the id of a write that landed without an answer; its permits are
 *       checked against the time once more before they are used.
 *   <li>A row that is corrupt, missing, or older than before is replaced by {@link Counter#assumedUsed}.
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

    /** The newest version that was ever seen; counts once {@link #sawRow} is true. */
    private long newestVersion;

    private boolean sawRow;

    private final Rivals rivals;

    /** True if the row is known to have changed since it was seen, or may have. */
    private boolean outdated = true;

    /** @param wallClock dates what was seen of the row */
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
        this.rivals = new Rivals(clock::nanoTime);
    }

    /** Decides what to write, given the state. Applied again to the newer state after a lost race. */
    @FunctionalInterface
    interface Update<T> {
        Updated<T> apply(Counter counter, QuotaPolicy binding, TimeBounds now);
    }

    /**
     * @param next the counter to write; the given one if there is nothing to write
     * @param result the result of the commit, valid once {@code next} is written
     */
    record Updated<T>(Counter next, T result) {}

    /**
     * The state that an update is applied to.
     *
     * @param mustWrite true if the row must be replaced even if the update changes nothing
     * @param fault what was wrong with the row, if the counter had to be rebuilt; null if nothing was
     * @param lost number of places that were lost with the row
     */
    private record State(
            Counter counter,
            @Nullable String eTag,
            boolean mustWrite,
            @Nullable String fault,
            int lost) {
        private State(Counter counter, @Nullable String eTag) {
            this(counter, eTag, false, null, 0);
        }
    }

    private record Attempt<T>(State from, UUID id, Counter next, T result) {}

    /** The counter as the table's answers showed it. An update that is decided from memory and writes nothing leaves it unchanged. */
    LastSeen lastSeen() {
        return lastSeen;
    }

    /** The policy of this instance, whatever other instances have. */
    QuotaPolicy policy() {
        return policy;
    }

    LimiterMetrics metrics() {
        return metrics;
    }

    /** Makes the next commit read the row first. */
    void forget() {
        outdated = true;
    }

    /**
     * Applies one update and writes the result.
     *
     * @throws BudgetUnavailableException if it was not written, or if it remains unknown whether it was
     */
    <T> T commit(Update<T> update) throws InterruptedException {
        Attempt<T> open = null;
        int failures = 0;
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            long began = clock.nanoTime();
            Instant sent = lastSeen.now();
            try {
                State state = !outdated && open == null && rivals.areLikelyIdle() ? seen : read(sent);
                // 3. An earlier write of this commit, whose answer was lost, has landed.
                if (open != null && state.counter().commits().contains(open.id())) {
                    landed(open);
                    return open.result();
                }
                // 3. Under the same ETag the identical bytes go out again; under another one the earlier write can no
                // longer land.
                if (open == null || !Objects.equals(open.from().eTag(), state.eTag())) {
                    TimeBounds now = clock.now();
                    Updated<T> decided =
                            update.apply(state.counter(), state.counter().binding(policy, now), now);
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
                // 4. The write landed, but at a time that is not the one its slots were made for.
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
            // 2. A lost race or no answer: another instance may write, so the next try reads first.
            outdated = true;
            sleeper.sleep(backOff(tries, began));
        }
        throw new BudgetUnavailableException(
                "the counter changed " + MAX_TRIES + " times before a write of ours", null);
    }

    /** Exponential backoff with jitter. It begins with four times the time of a try: a shorter one would meet the same competitors again. */
    private long backOff(int tries, long began) {
        long took = 1 + (clock.nanoTime() - began) / 1_000_000;
        return 1 + random.nextLong(Math.min(MAX_BACK_OFF_MILLIS, took << Math.min(tries + 2, 6)));
    }

    private <T> Attempt<T> attempt(State state, Updated<T> decided, TimeBounds now) {
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
        outdated = false;
        rivals.saw(seen.counter().version());
        newestVersion = seen.counter().version();
        sawRow |= seen.eTag() != null;
        return seen;
    }

    private State state(@Nullable Row row) {
        if (row == null) {
            return sawRow ? rebuilt("gone", null) : new State(Counter.EMPTY, null);
        }
        Counter counter = row.counter();
        if (counter == null) {
            return rebuilt("damaged", row.eTag());
        }
        if (sawRow && counter.isOlderThan(newestVersion)) {
            return rebuilt("older than before", row.eTag());
        }
        Counter plausible = counter.plausible(policy, clock.now());
        return new State(plausible, row.eTag(), !plausible.equals(counter), null, 0);
    }

    private State rebuilt(String fault, @Nullable String eTag) {
        // A replacement that has not landed yet was seen last, and has no places.
        int lost = seen.fault() != null
                ? seen.lost()
                : lastSeen.counter().map(counter -> counter.line().waiting()).orElse(0);
        return new State(Counter.assumedUsed(policy, clock.now(), newestVersion), eTag, true, fault, lost);
    }

    /** Only the instance that replaced a faulty row logs it, so each fault is logged once. */
    private void landed(Attempt<?> attempt) {
        if (attempt.from().fault() != null) {
            metrics.add(Count.RECOVERIES);
            metrics.add(Count.PLACES_LOST, attempt.from().lost());
            LOG.log(
                    Level.WARNING,
                    "the counter's row was " + attempt.from().fault()
                            + "; it is replaced by one that takes the shortest"
                            + " window as used up and the longest as evenly used");
        }
    }

    private void takeBack(Attempt<?> attempt, String eTag, Instant sent) {
        State from = attempt.from();
        wrote(new State(from.counter().at(attempt.next().version()), eTag, true, from.fault(), from.lost()), sent);
    }

    private void wrote(State state, Instant sent) {
        seen = state;
        lastSeen.saw(state.counter(), sent);
        outdated = false;
        newestVersion = state.counter().version();
        rivals.wrote(newestVersion);
        sawRow = true;
    }
}
