package dev.alertuser.ratelimit;

import dev.alertuser.ratelimit.Committer.Update;
import dev.alertuser.ratelimit.Committer.Updated;
import dev.alertuser.ratelimit.LimiterMetrics.Count;
import dev.alertuser.ratelimit.StoreBreaker.Body;
import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.counter.Pause;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.service.budget.BudgetUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The counter that all instances share, as this one reads and writes it: one caller at a time, and never without the pause that the instance
 * knows of. Thread-safe.
 */
final class SharedCounter {
    private final Committer committer;
    private final StoreBreaker breaker;
    private final KnownPause pause = new KnownPause();

    SharedCounter(Committer committer, StoreBreaker breaker) {
        this.committer = committer;
        this.breaker = breaker;
    }

    /** The result of an update, and the number of places that the pause moves with it. */
    private record Result<T>(T value, int moved) {}

    /**
     * Runs what commits, unless it is needless by the time of its turn.
     *
     * @throws BudgetUnavailableException if the table is out of reach
     */
    void exclusively(BooleanSupplier needless, Body body) throws InterruptedException {
        breaker.run(needless, body);
    }

    /** Commits with the pause that this instance knows of, and learns the pause of the row. Within {@link #exclusively} only. */
    <T> T commit(Update<T> update) throws InterruptedException {
        try {
            Result<T> result = committer.commit((counter, binding, now) -> {
                Counter paused = counter.paused(pause.longest(), binding);
                Updated<T> updated = update.apply(paused, binding, now);
                return new Updated<>(
                        updated.next(),
                        new Result<>(updated.result(), counter.line().missingFrom(paused.line())));
            });
            metrics().add(Count.PLACES_PAUSED, result.moved());
            return result.value();
        } finally {
            lastSeen().ifPresent(counter -> pause.know(counter.pause()));
        }
    }

    /** Stops all calls until the pause is over: in this instance at once, in the others as soon as they see the row. */
    void pause(Pause next) throws InterruptedException {
        pause.know(next);
        exclusively(
                () -> false,
                () -> commit((counter, binding, now) -> new Updated<>(counter.paused(next, binding), next)));
    }

    /** The longest pause that this instance knows of. */
    Pause pause() {
        return pause.longest();
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
        exclusively(() -> false, this::read);
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
            exclusively(() -> lastSeen.isSince(oldest), this::read);
        }
    }

    private void read() throws InterruptedException {
        committer.forget();
        commit((counter, binding, now) -> new Updated<>(counter, true));
    }

    /** The policy of this instance, whatever other instances have. */
    QuotaPolicy policy() {
        return committer.policy();
    }

    LimiterMetrics metrics() {
        return committer.metrics();
    }
}
