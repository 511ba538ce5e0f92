package dev.alertuser.ratelimit;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.ratelimit.Allocation.NoSlot;
import dev.alertuser.ratelimit.Allocation.Outcome;
import dev.alertuser.ratelimit.Allocation.Request;
import dev.alertuser.ratelimit.Allocation.Slot;
import dev.alertuser.ratelimit.counter.Pause;
import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.ratelimit.store.InMemoryCounterStore;
import dev.alertuser.ratelimit.store.StorageClock;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.RateLimiter.Cause;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedCounterTest {
    private static final QuotaPolicy POLICY = new QuotaPolicy(List.of(new Quota(100, ofMinutes(1), 0)), ofSeconds(2));
    private static final int ROUNDS = 50_000;

    private final VirtualTime time = new VirtualTime();
    private final StorageClock clock = new StorageClock(time::nanoTime);
    private final InMemoryCounterStore store = new InMemoryCounterStore(time, clock);
    private final SharedCounter shared = shared();
    private final GroupCommit group = new GroupCommit(shared, clock, time, new Random(1));

    /** The row of an instance that is alone is not read before a decision, and a denial writes nothing. */
    @Test
    void aCachedDenialDoesNotCountAsReadingTheRow() throws Exception {
        for (int i = 0; i < 100; i++) {
            ask(0);
        }
        assertThat(ask(90_000)).isInstanceOf(Slot.class);
        time.sleep(10_000);
        long until = time.millis() + 100_000;
        shared().pause(new Pause(until, Cause.THROTTLED));

        assertThat(ask(0)).isInstanceOf(NoSlot.class);
        shared.lookAgain(ofSeconds(5));

        assertThat(shared.pause().until()).isEqualTo(until);
    }

    /** One thread pauses again and again while another looks at the row, which does not know of the newest pause yet. */
    @Test
    void aReadOfTheRowLosesNoPause() throws Exception {
        Random random = new Random(1);
        AtomicBoolean over = new AtomicBoolean();
        FutureTask<Void> looking = new FutureTask<>(() -> {
            while (!over.get()) {
                shared.look();
            }
            return null;
        });
        shared.look();
        new Thread(looking).start();
        for (int i = 1; i <= ROUNDS; i++) {
            long until = time.millis() + i * 100_000L;
            for (int spins = random.nextInt(300); spins > 0; spins--) {
                Thread.onSpinWait();
            }
            shared.pause(new Pause(until, Cause.THROTTLED));
            assertThat(shared.pause().until()).isEqualTo(until);
        }
        over.set(true);
        looking.get();
    }

    private SharedCounter shared() {
        Random random = new Random(1);
        return new SharedCounter(
                new Committer(store, clock, POLICY, time::instant, time, random),
                new StoreBreaker(new ReentrantLock(true), clock::nanoTime, random));
    }

    private Outcome ask(long maxWait) throws InterruptedException {
        return group.request(new Request(Newcomer.question(), Priority.INTERACTIVE, maxWait));
    }
}
