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
 * A circuit breaker around the kept answers: while their store fails or hangs, lookups go on without it, at the price of a permit. Thread-safe.
 *
 * <ol>
 *   <li>Closed: every operation goes to the store. One that fails, or that takes longer than the breaker's patience, opens it.
 *   <li>Open: every operation fails at once. It stays open for a second, and twice as long after each further failure, up to half a minute.
 *   <li>Half-open: then one operation is let through, and its success closes the breaker.
 * </ol>
 *
 * <p>An operation that takes too long is not waited for. A read is given up; a write may still land.
 */
public final class AnswerCacheBreaker implements AnswerCache {
    private static final Logger LOG = System.getLogger(AnswerCacheBreaker.class.getName());

    /** An answer takes some ten milliseconds. Whoever waits longer had better ask Defender. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final long FIRST_PAUSE_NANOS = 1_000_000_000L;
    private static final int MOST_DOUBLINGS = 5;

    private final AnswerCache cache;
    private final ExecutorService threads;
    private final LongSupplier nanoTime;
    private final Duration patience;

    private int failures;
    private long retryAt;
    private boolean probed;

    /**
     * @param threads as many as are asked for: the operations block
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
            throw new StoreUnavailableException("kept answers: no answer within " + patience, e);
        } catch (ExecutionException e) {
            failure = e.getCause() == null ? e : e.getCause();
            throw new StoreUnavailableException("kept answers: the store failed", failure);
        } catch (InterruptedException e) {
            running.cancel(true);
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("kept answers: interrupted while waiting", e);
        } finally {
            leave(isProbe, failure);
        }
    }

    /** @return true for the one operation that is let through after a failure */
    private synchronized boolean enter() {
        if (failures == 0) {
            return false;
        }
        if (probed || nanoTime.getAsLong() - retryAt < 0) {
            throw new StoreUnavailableException("kept answers: the store failed a moment ago", null);
        }
        probed = true;
        return true;
    }

    private synchronized void close() {
        failures = 0;
    }

    /** Of the operations that fail together only the first counts. */
    private synchronized void leave(boolean isProbe, @Nullable Throwable failure) {
        if (isProbe) {
            probed = false;
        }
        if (failure != null && (isProbe || failures == 0)) {
            retryAt = nanoTime.getAsLong() + (FIRST_PAUSE_NANOS << Math.min(failures, MOST_DOUBLINGS));
            if (failures++ == 0) {
                LOG.log(Level.WARNING, "kept answers are out of reach; lookups go on without them", failure);
            }
        }
    }
}
