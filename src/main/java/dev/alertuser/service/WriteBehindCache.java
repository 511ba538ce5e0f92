package dev.alertuser.service;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Rejected;
import dev.alertuser.service.port.AnswerCache;
import dev.alertuser.service.port.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Write-behind for the answer cache: answers are written in the background, so that a caller gets its answer before it is cached. A write
 * that is lost, because the store fails or the process crashes, costs a later lookup one permit. Thread-safe.
 *
 * <ol>
 *   <li>Until it is written, this process finds an answer in memory; other instances find it once it is written.
 *   <li>Answers for one alert are written one after the other, so that no older one replaces a newer one that waited with it.
 *   <li>At most 32 answers are written in the background. A caller beyond them waits for its own write.
 *   <li>When the process ends, {@link #drain} waits for the writes under way, and callers that still run wait for their own.
 * </ol>
 */
public final class WriteBehindCache implements AnswerCache {
    /** Bounds memory and threads: while the store hangs, each of these writes blocks two threads of the pool. */
    private static final int MOST_IN_BACKGROUND = 32;

    /** Longer than the timeout of {@link AnswerCacheBreaker}, after which no write is under way; shorter than the platform's patience. */
    private static final Duration MOST_DRAINING = Duration.ofSeconds(3);

    private final AnswerCache cache;
    private final Executor threads;
    private final int mostInBackground;
    private final Semaphore background;

    /** The newest answer for each alert with a write under way. Only the thread that put the first one writes, and removes it. */
    private final ConcurrentMap<AlertId, LookupResult> unwritten = new ConcurrentHashMap<>();

    private volatile boolean draining;

    /**
     * @param cache takes the writes; it limits the time of each
     * @param threads an unbounded pool, since writes block
     */
    public WriteBehindCache(AnswerCache cache, Executor threads) {
        this(cache, threads, MOST_IN_BACKGROUND);
    }

    WriteBehindCache(AnswerCache cache, Executor threads, int mostInBackground) {
        this.cache = cache;
        this.threads = threads;
        this.mostInBackground = mostInBackground;
        this.background = new Semaphore(mostInBackground);
    }

    @Override
    public Optional<LookupResult> find(AlertId alertId, Instant notBefore) {
        return Optional.ofNullable(unwritten.get(alertId))
                .filter(answer -> !observedAt(answer).isBefore(notBefore))
                .or(() -> cache.find(alertId, notBefore));
    }

    /** Returns before the answer is written, unless too many others wait or the process is ending. Never throws a failure of the store. */
    @Override
    public void put(AlertId alertId, LookupResult answer) {
        LookupResult cached = cached(answer);
        if (joinsAnother(alertId, cached)) {
            return;
        }
        if (draining || !background.tryAcquire()) {
            write(alertId, cached);
            return;
        }
        threads.execute(() -> {
            try {
                write(alertId, cached);
            } finally {
                background.release();
            }
        });
    }

    /** Whether another thread writes an answer for this alert and will write this one, too, if it is newer. */
    private boolean joinsAnother(AlertId alertId, LookupResult answer) {
        while (unwritten.putIfAbsent(alertId, answer) != null) {
            if (unwritten.computeIfPresent(alertId, (id, other) -> newer(other, answer)) != null) {
                return true;
            }
            // The other write has just ended.
        }
        return false;
    }

    /** Writes an answer, and then each newer one that came meanwhile. */
    private void write(AlertId alertId, LookupResult answer) {
        @Nullable LookupResult next = answer;
        while (next != null) {
            LookupResult writing = next;
            try {
                cache.put(alertId, writing);
            } catch (StoreUnavailableException e) {
                // The next lookup of this alert costs a permit. The circuit breaker logs the outage.
            } finally {
                next = unwritten.remove(alertId, writing) ? null : unwritten.get(alertId);
            }
        }
    }

    /**
     * Waits until nothing is written in the background any more, 3 s at most. From now on callers wait for their own writes.
     *
     * @return false if the time was up or the thread was interrupted before that
     */
    public boolean drain() {
        return drain(MOST_DRAINING);
    }

    boolean drain(Duration most) {
        draining = true;
        try {
            return background.tryAcquire(mostInBackground, most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static LookupResult newer(LookupResult one, LookupResult other) {
        return observedAt(other).isBefore(observedAt(one)) ? one : other;
    }

    private static LookupResult cached(LookupResult answer) {
        return answer.match(
                found -> new Found(found.user(), found.origin().cached()),
                notFound -> new NotFound(notFound.origin().cached()),
                rejected -> new Rejected(rejected.origin().cached()),
                deferred -> {
                    throw new IllegalArgumentException("a deferral cannot be cached");
                });
    }

    private static Instant observedAt(LookupResult answer) {
        Origin origin = answer.match(Found::origin, NotFound::origin, Rejected::origin, deferred -> {
            throw new IllegalArgumentException("a deferral cannot be cached");
        });
        return origin.observedAt();
    }
}
