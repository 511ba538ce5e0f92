package dev.alertuser.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.ratelimit.counter.Pause;
import dev.alertuser.service.budget.RateLimiter.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class KnownPauseTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 2_000;

    private final KnownPause known = new KnownPause();

    @Test
    void thereIsNoneAtFirst() {
        assertThat(known.longest()).isEqualTo(Pause.NONE);
    }

    @Test
    void theLongestCounts() {
        Pause longer = new Pause(2_000, Cause.RECOVERING);
        known.know(new Pause(1_000, Cause.THROTTLED));
        known.know(longer);
        known.know(new Pause(1_500, Cause.THROTTLED));

        assertThat(known.longest()).isEqualTo(longer);
    }

    @Test
    void theFirstOfTwoEquallyLongCounts() {
        Pause first = new Pause(1_000, Cause.RECOVERING);
        known.know(first);
        known.know(new Pause(1_000, Cause.THROTTLED));

        assertThat(known.longest()).isEqualTo(first);
    }

    /** Each thread knows a longer pause in each round, and whoever was the last to say so must not be forgotten. */
    @Test
    void noneIsLostThoughSeveralAreLearntAtOnce() throws Exception {
        CyclicBarrier round = new CyclicBarrier(THREADS);
        List<Callable<Void>> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int own = i;
            threads.add(() -> {
                for (int r = 0; r < ROUNDS; r++) {
                    long until = (long) r * THREADS + (own + r) % THREADS;
                    round.await();
                    known.know(new Pause(until, Cause.THROTTLED));
                    assertThat(known.longest().until()).isGreaterThanOrEqualTo(until);
                    round.await();
                    assertThat(known.longest().until()).isEqualTo((r + 1L) * THREADS - 1);
                }
                return null;
            });
        }
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        for (Future<Void> thread : pool.invokeAll(threads)) {
            thread.get();
        }
        pool.shutdown();
    }
}
