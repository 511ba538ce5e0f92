package dev.alertuser.service;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Keeps callers without a key from exhausting what callers with a key need: a bulkhead around their reads of storage, and a count in place
 * of log lines. Thread-safe.
 */
public final class AnonymousTraffic {
    /** A fifth of the connections to storage; at ten milliseconds a read this serves 2000 polls a second. */
    private static final int MOST_READS = 20;

    private static final long MINUTE_NANOS = 60_000_000_000L;

    /** Parallel branches of one workflow, which poll together, get their turn within this time; in a flood it runs out. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Semaphore reads = new Semaphore(MOST_READS, true);
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong mayWarnAt;
    private final LongSupplier nanoTime;
    private final Duration patience;

    /** @param nanoTime a monotonic clock */
    public AnonymousTraffic(LongSupplier nanoTime) {
        this(nanoTime, PATIENCE);
    }

    /** @param patience how long a read waits for a permit of the bulkhead */
    public AnonymousTraffic(LongSupplier nanoTime, Duration patience) {
        this.nanoTime = nanoTime;
        this.patience = patience;
        this.mayWarnAt = new AtomicLong(nanoTime.getAsLong());
    }

    /**
     * Runs a read; empty if too many others are under way for the whole wait.
     *
     * @throws InterruptedException if interrupted while waiting
     */
    public <T> Optional<T> read(Supplier<T> read) throws InterruptedException {
        if (!reads.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return Optional.empty();
        }
        try {
            return Optional.of(read.get());
        } finally {
            reads.release();
        }
    }

    public void count() {
        calls.incrementAndGet();
    }

    /** Number of calls since this was last read; starts again at zero. */
    public long takeCalls() {
        return calls.getAndSet(0);
    }

    /** True once a minute, so that an outage leaves one log line and not one for each call. */
    public boolean mayWarn() {
        long now = nanoTime.getAsLong();
        long due = mayWarnAt.get();
        return now - due >= 0 && mayWarnAt.compareAndSet(due, now + MINUTE_NANOS);
    }
}
