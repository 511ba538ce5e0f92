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
 * Whether this instance can serve lookups: the counter can be read, and the token shows no reason for Defender to refuse it. Costs no
 * permit. Thread-safe.
 *
 * <p>The check needs no key, so a verdict is cached for 5 s and concurrent callers share it: no caller can keep the counter busy.
 */
public final class Readiness {
    private static final System.Logger LOG = System.getLogger(Readiness.class.getName());

    /** Time limit of both checks; leaves half a second of the promised 2 s to the network. */
    private static final Duration LIMIT = Duration.ofMillis(1500);

    private static final Duration TTL = Duration.ofSeconds(5);
    private static final String LATE = "no answer within " + LIMIT.toMillis() / 1000.0 + " s";

    private final DefenderApi defender;
    private final RateLimiter limiter;
    private final InstantSource time;
    private final LongSupplier nanoTime;

    private @Nullable Verdict last;
    private @Nullable Deadline lastExpires;

    /**
     * Result of one check.
     *
     * @param counter fault of the counter of permits; empty if it can be read
     * @param token fault of the token; empty if none can be seen
     */
    public record Verdict(Instant at, Optional<String> counter, Optional<String> token) {}

    /** @param nanoTime a monotonic clock, for the time to live of a verdict */
    public Readiness(DefenderApi defender, RateLimiter limiter, InstantSource time, LongSupplier nanoTime) {
        this.defender = defender;
        this.limiter = limiter;
        this.time = time;
        this.nanoTime = nanoTime;
    }

    /** The verdict, within 2 s; at most 5 s old. */
    public synchronized Verdict check() throws InterruptedException {
        Verdict verdict = last;
        if (verdict == null || lastExpires == null || lastExpires.isOver()) {
            verdict = find();
            last = verdict;
            lastExpires = Deadline.in(TTL, nanoTime);
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
        LOG.log(System.Logger.Level.ERROR, "the readiness check failed", cause);
        return "failed; see the app's log";
    }
}
