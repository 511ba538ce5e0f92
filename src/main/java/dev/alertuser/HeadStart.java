package dev.alertuser;

import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.port.DefenderApi;
import dev.alertuser.service.port.IdentityUnavailableException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the first lookup of a process would else wait for, step by step: the counter, a token, and a connection to Defender, all at once,
 * while the lookup looks for a cached answer. Thread-safe.
 */
final class HeadStart {
    private static final Duration TOKEN_WAIT = Duration.ofSeconds(10);

    private final RateLimiter limiter;
    private final DefenderApi defender;
    private final Executor threads;
    private final AtomicBoolean begun = new AtomicBoolean();

    HeadStart(RateLimiter limiter, DefenderApi defender, Executor threads) {
        this.limiter = limiter;
        this.defender = defender;
        this.threads = threads;
    }

    /** Begins, the first time only. Returns at once; the lookups report what fails. */
    void begin() {
        if (begun.compareAndSet(false, true)) {
            threads.execute(() -> attempt(limiter::prepare));
            threads.execute(() -> attempt(() -> defender.authorize(TOKEN_WAIT)));
            threads.execute(defender::connect);
        }
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    private static void attempt(Step step) {
        try {
            step.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (BudgetUnavailableException | IdentityUnavailableException e) {
            // The lookup that needs it meets it, too.
        }
    }
}
