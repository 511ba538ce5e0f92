package dev.alertuser.service;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.port.AnswerCache;
import dev.alertuser.service.port.StoreUnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A circuit breaker around the answer cache: while its store fails or hangs, every read is a miss and costs a permit. Thread-safe.
 *
 * <ol>
 *   <li>Closed: operations pass. One that fails or times out after 2 s opens the breaker.
 *   <li>Open: operations fail at once, for a backoff of 1 s that doubles after each failed probe, up to 32 s.
 *   <li>Half-open, once the backoff is over: one operation passes as a probe, the others fail at once. Its success closes the breaker, its
 *       failure opens it again.
 * </ol>
 *
 * <p>An operation that times out goes on in its thread: the result of a read is dropped; a write may still land.
 */
public final class AnswerCacheBreaker implements AnswerCache {
    private static final Logger LOG = System.getLogger(AnswerCacheBreaker.class.getName());

    /** Timeout of one operation. A read takes some ten milliseconds; after this long a call to Defender is quicker. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final long FIRST_BACKOFF_NANOS = 1_000_000_000L;
    private static final int MOST_DOUBLINGS = 5;

    private final AnswerCache cache;
    private final ExecutorService threads;
    private final LongSupplier nanoTime;
    private final Duration patience;

    /** Failures since the last success; zero means closed. */
    private int failures;

    /** End of the backoff, by the monotonic clock. */
    private long retryAt;

    private boolean probing;

    /**
     * @param threads an unbounded pool, since operations block
     * @param nanoTime a monotonic clock
     */
    public AnswerCacheBreaker(AnswerCache cache, ExecutorService threads, LongSupplier nanoTime) {
        this(cache, threads, nanoTime, PATIENCE);
    }

    AnswerCacheBreaker(AnswerCache cache, ExecutorService threads, LongSupplier nanoTime, Duration patience) {
        this.cache = cache;
        this.threads = threads;
        this.nanoTime = nanoTime;
        this.patience = patience;
    }

    @Override
    public Optional<LookupResult> find(AlertId alertId, Instant notBefore) {
        return pass(() -> cache.find(alertId, notBefore));
    }

    @Override
    public void put(AlertId alertId, LookupResult answer) {
        pass(() -> {
            cache.put(alertId, answer);
            return Optional.empty();
        });
    }

    private <T> Optional<T> pass(Callable<Optional<T>> operation) {
        boolean isProbe = enter();
        Future<Optional<T>> running = threads.submit(operation);
        @Nullable Throwable failure = null;
        try {
            Optional<T> result = running.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            close();
            return result;
        } catch (TimeoutException e) {
            failure = e;
            throw new StoreUnavailableException("answer cache: no answer within " + patience, e);
        } catch (ExecutionException e) {
            failure = e.getCause() == null ? e : e.getCause();
            throw new StoreUnavailableException("answer cache: the store failed", failure);
        } catch (InterruptedException e) {
            // Says nothing about the store, so it counts neither as a failure nor as a success.
            running.cancel(true);
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("answer cache: interrupted while waiting", e);
        } finally {
            leave(isProbe, failure);
        }
    }

    /** @return true for the probe of a half-open breaker, false for an operation of a closed one */
    private synchronized boolean enter() {
        if (failures == 0) {
            return false;
        }
        if (probing || nanoTime.getAsLong() - retryAt < 0) {
            throw new StoreUnavailableException("answer cache: the circuit breaker is open", null);
        }
        probing = true;
        return true;
    }

    private synchronized void close() {
        failures = 0;
    }

    /** Of operations that fail together only the first counts, so that a burst opens the breaker for the first backoff only. */
    private synchronized void leave(boolean isProbe, @Nullable Throwable failure) {
        if (isProbe) {
            probing = false;
        }
        if (failure != null && (isProbe || failures == 0)) {
            retryAt = nanoTime.getAsLong() + (FIRST_BACKOFF_NANOS << Math.min(failures, MOST_DOUBLINGS));
            if (failures++ == 0) {
                LOG.log(Level.WARNING, "the answer cache is out of reach; lookups go on without it", failure);
            }
        }
    }
}
