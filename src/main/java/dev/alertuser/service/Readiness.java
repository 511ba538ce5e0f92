package dev.alertuser.service;

import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.port.DefenderApi;
import dev.alertuser.service.port.IdentityUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether this instance can serve lookups: the counter can be read, and there is a token that Defender will accept as far as can be seen.
 * Costs no permit. Thread-safe.
 *
 * <p>Anybody may ask, so a verdict stands for 5 s and is found for all who ask at once: nobody keeps the counter busy by asking.
 */
public final class Readiness {
    private static final System.Logger LOG = System.getLogger(Readiness.class.getName());

    /** Leaves the rest of 2 s to the way there and back. */
    private static final Duration LIMIT = Duration.ofMillis(1500);

    private static final Duration LIFE = Duration.ofSeconds(5);
    private static final String LATE = "no answer within " + LIMIT.toMillis() / 1000.0 + " s";

    private final DefenderApi defender;
    private final RateLimiter limiter;
    private final InstantSource time;
    private final LongSupplier nanoTime;

    private @Nullable Verdict last;
    private @Nullable Deadline lastHolds;

    /**
     * What was found.
     *
     * @param counter what is wrong with the counter of permits; empty if it can be read
     * @param token what is wrong with the token; empty if nothing can be seen
     */
    public record Verdict(Instant at, Optional<String> counter, Optional<String> token) {
        public boolean isReady() {
            return counter.isEmpty() && token.isEmpty();
        }
    }

    /** @param nanoTime a monotonic clock, by which a verdict stands */
    public Readiness(DefenderApi defender, RateLimiter limiter, InstantSource time, LongSupplier nanoTime) {
        this.defender = defender;
        this.limiter = limiter;
        this.time = time;
        this.nanoTime = nanoTime;
    }

    /** The verdict, within 2 s. */
    public synchronized Verdict check() throws InterruptedException {
        Verdict verdict = last;
        if (verdict == null || lastHolds == null || lastHolds.isOver()) {
            verdict = find();
            last = verdict;
            lastHolds = Deadline.in(LIFE, nanoTime);
        }
        return verdict;
    }

    private Verdict find() throws InterruptedException {
        List<Callable<Optional<String>>> checks = List.of(this::faultOfCounter, () -> defender.faultOfToken(LIMIT));
        ExecutorService threads = Executors.newFixedThreadPool(checks.size());
        try {
            List<Future<Optional<String>>> faults = threads.invokeAll(checks, LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return new Verdict(time.instant(), fault(faults.get(0)), fault(faults.get(1)));
        } finally {
            threads.shutdownNow();
        }
    }

    private Optional<String> faultOfCounter() throws InterruptedException {
        limiter.prepare();
        return Optional.empty();
    }

    private static Optional<String> fault(Future<Optional<String>> check) throws InterruptedException {
        try {
            return check.get();
        } catch (CancellationException e) {
            return Optional.of(LATE);
        } catch (ExecutionException e) {
            return Optional.of(fault(e.getCause() == null ? e : e.getCause()));
        }
    }

    private static String fault(Throwable cause) {
        if (cause instanceof BudgetUnavailableException || cause instanceof IdentityUnavailableException) {
            return String.valueOf(cause.getMessage());
        }
        LOG.log(System.Logger.Level.ERROR, "readiness could not be found out", cause);
        return "failed; the app's log tells more";
    }
}
