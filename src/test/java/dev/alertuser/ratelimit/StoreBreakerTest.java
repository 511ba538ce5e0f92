package dev.alertuser.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alertuser.Threads;
import dev.alertuser.service.budget.BudgetUnavailableException;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StoreBreakerTest {
    private static final StoreBreaker.Body FAILING = () -> {
        throw new BudgetUnavailableException("no table", null);
    };

    private final VirtualTime time = new VirtualTime();
    private final StoreBreaker turn = new StoreBreaker(new ReentrantLock(true), time::nanoTime, new Random(1));

    @Test
    void skipsABodyThatHasBecomeNeedless() throws Exception {
        AtomicBoolean ran = new AtomicBoolean();

        turn.run(() -> true, () -> ran.set(true));

        assertThat(ran).isFalse();
    }

    @Test
    void releasesTheLockWhenABodyFails() throws Exception {
        Thread failing = new Thread(() -> {
            try {
                turn.run(() -> false, () -> {
                    throw new InterruptedException();
                });
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        failing.start();
        failing.join();
        AtomicBoolean ran = new AtomicBoolean();

        turn.run(() -> false, () -> ran.set(true));

        assertThat(ran).isTrue();
    }

    @Test
    void opensAfterAFailureAndFailsFastUntilTheProbeIsDue() throws Exception {
        assertThatThrownBy(() -> turn.run(() -> false, FAILING)).hasMessage("no table");
        AtomicBoolean ran = new AtomicBoolean();

        assertThatThrownBy(() -> turn.run(() -> false, () -> ran.set(true)))
                .isInstanceOf(BudgetUnavailableException.class)
                .hasMessage("no table");
        assertThat(ran).isFalse();

        time.sleep(200);
        turn.run(() -> false, () -> ran.set(true));
        assertThat(ran).isTrue();
    }

    @Test
    void callersQueuedBehindAFailureFailToo() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        Thread failing = start("await", () -> {
            answer.await();
            FAILING.run();
        });
        AtomicBoolean ran = new AtomicBoolean();
        Thread queued = start("lockInterruptibly", () -> ran.set(true));

        answer.countDown();
        failing.join();
        queued.join();

        assertThat(ran).isFalse();
    }

    @Test
    void whileHalfOpenOneCallerProbesAndTheOthersFailFast() throws Exception {
        assertThatThrownBy(() -> turn.run(() -> false, FAILING)).hasMessage("no table");
        time.sleep(200);
        CountDownLatch answer = new CountDownLatch(1);
        Thread probe = start("await", answer::await);

        assertThatThrownBy(() -> turn.run(() -> false, () -> {})).isInstanceOf(BudgetUnavailableException.class);

        answer.countDown();
        probe.join();
        turn.run(() -> false, () -> {});
    }

    @Test
    void eachFailureDoublesTheOpenTimeUpToSomeTenSeconds() throws Exception {
        assertThat(isRefused()).isFalse();
        for (long longest : new long[] {200, 400, 800, 1600, 3200, 6400, 12_800, 12_800, 12_800}) {
            long refused = 0;
            while (isRefused()) {
                time.sleep(10);
                refused += 10;
            }
            assertThat(refused).isBetween(longest / 2, longest + 10);
        }
    }

    /** True if a body that fails was not even tried. */
    private boolean isRefused() throws InterruptedException {
        AtomicBoolean ran = new AtomicBoolean();
        try {
            turn.run(() -> false, () -> {
                ran.set(true);
                throw new BudgetUnavailableException("no table", null);
            });
        } catch (BudgetUnavailableException e) {
            return !ran.get();
        }
        return false;
    }

    /** Returns when the thread waits in that method: in its body or for the lock. */
    private Thread start(String waiting, StoreBreaker.Body body) throws InterruptedException {
        Thread thread = new Thread(() -> {
            try {
                turn.run(() -> false, body);
            } catch (InterruptedException | BudgetUnavailableException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        Threads.awaitWaiting(thread, waiting);
        return thread;
    }

    @Test
    void probesWhenItsTimeHasComeAndNotAMillisecondEarlier() throws Exception {
        StoreBreaker shortest = new StoreBreaker(new ReentrantLock(true), time::nanoTime, () -> 0);
        assertThatThrownBy(() -> shortest.run(() -> false, FAILING)).hasMessage("no table");

        time.sleep(99);
        assertThatThrownBy(() -> shortest.run(() -> false, () -> {})).isInstanceOf(BudgetUnavailableException.class);
        time.sleep(1);
        shortest.run(() -> false, () -> {});
    }
}
