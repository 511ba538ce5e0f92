package dev.alertuser.ratelimit;

import dev.alertuser.service.budget.BudgetUnavailableException;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Serialises access to the table, and is a circuit breaker in front of it. Thread-safe.
 *
 * <ul>
 *   <li><b>Closed:</b> callers run one at a time, in the order in which they came.
 *   <li><b>Open,</b> after a failure: all callers fail fast. The time doubles with each further failure, from 0.2 to 12.8 s, with jitter.
 *   <li><b>Half-open,</b> after that time: one caller probes the table; the others fail fast until the probe succeeds, which closes the
 *       breaker.
 * </ul>
 *
 * <p>So callers do not pile up behind timeouts, and instances do not pile up on a busy table.
 */
final class StoreBreaker {
    private static final long FIRST_OPEN_MILLIS = 200;
    private static final int MAX_DOUBLINGS = 6;

    private final Lock lock;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;

    /** True while a caller holds the lock and uses the table. */
    private volatile boolean taken;

    /** The last failure; null while closed. */
    private volatile @Nullable BudgetUnavailableException failure;

    private volatile long retryAt;
    private int failures;

    /**
     * @param lock fair, so that callers run in the order in which they came
     * @param random used only while the lock is held
     */
    StoreBreaker(Lock lock, LongSupplier nanoTime, RandomGenerator random) {
        this.lock = lock;
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /** What runs exclusively. */
    @FunctionalInterface
    interface Body {
        void run() throws InterruptedException;
    }

    /**
     * Runs the body exclusively, unless {@code needless} is true once the lock is held: another caller may have done the work meanwhile.
     *
     * @throws BudgetUnavailableException from the body; or, while open, with the message of the last failure
     */
    void run(BooleanSupplier needless, Body body) throws InterruptedException {
        // Half-open: the caller that holds the lock is the probe, so do not queue behind it.
        failIfOpen(taken);
        lock.lockInterruptibly();
        try {
            if (!needless.getAsBoolean()) {
                // The breaker may have opened while this caller waited for the lock.
                failIfOpen(false);
                taken = true;
                body.run();
                failure = null;
                failures = 0;
            }
        } catch (BudgetUnavailableException e) {
            if (taken) {
                failed(e);
            }
            throw e;
        } finally {
            taken = false;
            lock.unlock();
        }
    }

    private void failIfOpen(boolean probeUnderWay) {
        BudgetUnavailableException last = failure;
        if (last != null && (probeUnderWay || nanoTime.getAsLong() - retryAt < 0)) {
            throw new BudgetUnavailableException(last.getMessage(), last);
        }
    }

    private void failed(BudgetUnavailableException cause) {
        long longest = FIRST_OPEN_MILLIS << Math.min(failures, MAX_DOUBLINGS);
        failures++;
        retryAt = nanoTime.getAsLong() + random.nextLong(longest / 2, longest) * 1_000_000;
        failure = cause;
    }
}
