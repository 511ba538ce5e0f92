package dev.alertuser.ratelimit;

import dev.alertuser.service.budget.BudgetUnavailableException;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One thread at a time asks the table; and while the table fails, hardly anybody. After a failure all are refused at once for a while,
 * longer with each failure. Then one may try, and all others are refused until that went well. So callers do not pile up behind
 * time-outs, nor instances upon a busy table. Thread-safe.
 */
final class StoreBreaker {
    private static final long FIRST_REFUSAL_MILLIS = 200;
    private static final int MAX_DOUBLINGS = 6;

    private final Lock lock;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;

    private volatile boolean taken;
    private volatile @Nullable BudgetUnavailableException failure;
    private volatile long retryAt;
    private int failures;

    /**
     * @param lock serves first who came first
     * @param random used in turn only
     */
    StoreBreaker(Lock lock, LongSupplier nanoTime, RandomGenerator random) {
        this.lock = lock;
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /** What is done in turn. */
    @FunctionalInterface
    interface Body {
        void run() throws InterruptedException;
    }

    /**
     * Runs the body once nobody else's runs; or not at all, if others' have made it needless by then.
     *
     * @throws BudgetUnavailableException that of the body; or that of the last one, if it is too early to try again
     */
    void run(BooleanSupplier needless, Body body) throws InterruptedException {
        refuseAfterFailure(taken);
        lock.lockInterruptibly();
        try {
            if (!needless.getAsBoolean()) {
                refuseAfterFailure(false);
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

    private void refuseAfterFailure(boolean beingTried) {
        BudgetUnavailableException last = failure;
        if (last != null && (beingTried || nanoTime.getAsLong() - retryAt < 0)) {
            throw new BudgetUnavailableException(last.getMessage(), last);
        }
    }

    private void failed(BudgetUnavailableException cause) {
        long longest = FIRST_REFUSAL_MILLIS << Math.min(failures, MAX_DOUBLINGS);
        failures++;
        retryAt = nanoTime.getAsLong() + random.nextLong(longest / 2, longest) * 1_000_000;
        failure = cause;
    }
}
