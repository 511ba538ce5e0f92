package dev.alertuser.ratelimit;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.Threads;
import dev.alertuser.ratelimit.Allocation.NoSlot;
import dev.alertuser.ratelimit.Allocation.Outcome;
import dev.alertuser.ratelimit.Allocation.Request;
import dev.alertuser.ratelimit.Allocation.Slot;
import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.counter.CounterCodec;
import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.ratelimit.store.InMemoryCounterStore;
import dev.alertuser.ratelimit.store.StorageClock;
import dev.alertuser.service.budget.Priority;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class GroupCommitBatchTest {
    private static final QuotaPolicy POLICY = new QuotaPolicy(List.of(new Quota(100, ofMinutes(1), 0)), ofSeconds(2));

    private final VirtualTime time = new VirtualTime();
    private final StorageClock clock = new StorageClock(time::nanoTime);
    private final InMemoryCounterStore store = new InMemoryCounterStore(time, clock);
    private final Random random = new Random(1);
    private SharedCounter shared;
    private final Queue<Object> ends = new ConcurrentLinkedQueue<>();

    @Test
    void oneWriteServesAllWaiters() throws Exception {
        GroupCommit group = group(time);

        askWhileTheTableIsBusy(group, 5);

        assertThat(ends).hasSize(5).allMatch(Slot.class::isInstance);
        assertThat(store.writes()).isEqualTo(1);
    }

    @Test
    void aCallerThatHasToWaitForASlotGathersABatchFirst() throws Exception {
        GroupCommit group = group(time);
        for (int i = 0; i < 101; i++) {
            ask(group, 90_000);
        }
        long asked = time.millis();
        AtomicLong wrote = new AtomicLong();
        store.beforeNextWrite(() -> wrote.set(time.millis()));

        Slot assigned = (Slot) ask(group, 90_000);

        long ahead = assigned.slot() - asked;
        assertThat(ahead).isGreaterThan(55_000);
        assertThat(wrote.get() - asked).isBetween(2_500L, 5_100L);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 3_000, 50_000})
    void aCallerIsKeptForHalfOfItsWaitAtMostWhileOthersGather(long maxWait) throws Exception {
        GroupCommit group = group(time);
        for (int i = 0; i < 101; i++) {
            ask(group, 90_000);
        }
        long asked = time.millis();

        assertThat(ask(group, maxWait)).isInstanceOf(NoSlot.class);

        assertThat(time.millis() - asked).isLessThan(50 + Math.min(5_000, maxWait / 2));
    }

    @Test
    void aFreeSlotIsRequestedAtOnce() throws Exception {
        GroupCommit group = group(time);
        ask(group, 0);
        long asked = time.millis();

        ask(group, 0);

        assertThat(time.millis() - asked).isLessThan(50);
    }

    @Test
    void anInterruptedCallerReturnsTheOthersToTheQueue() throws Exception {
        Sleeper[] sleeper = {time};
        GroupCommit group = group(millis -> sleeper[0].sleep(millis));
        store.beforeNextWrite(() -> store.put(CounterCodec.encode(Counter.EMPTY)));
        sleeper[0] = millis -> {
            sleeper[0] = time;
            throw new InterruptedException();
        };

        askWhileTheTableIsBusy(group, 3);

        assertThat(ends).filteredOn(InterruptedException.class::isInstance).hasSize(1);
        assertThat(ends).filteredOn(Slot.class::isInstance).hasSize(2);
    }

    private GroupCommit group(Sleeper sleeper) {
        Committer committer = new Committer(store, clock, POLICY, time::instant, sleeper, random);
        StoreBreaker breaker = new StoreBreaker(new ReentrantLock(true), clock::nanoTime, random);
        shared = new SharedCounter(committer, breaker);
        return new GroupCommit(shared, clock, sleeper, random);
    }

    private static Outcome ask(GroupCommit group, long maxWait) throws InterruptedException {
        return group.request(new Request(Newcomer.question(), Priority.INTERACTIVE, maxWait));
    }

    /** All of them wait before the first has its turn. */
    private void askWhileTheTableIsBusy(GroupCommit group, int callers) throws InterruptedException {
        List<Thread> threads = Stream.generate(() -> new Thread(() -> ask(group)))
                .limit(callers)
                .toList();
        store.beforeNextRead(() -> startAll(threads));
        shared.look();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void startAll(List<Thread> threads) {
        try {
            for (Thread thread : threads) {
                thread.start();
                Threads.awaitWaiting(thread, "lockInterruptibly");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void ask(GroupCommit group) {
        try {
            ends.add(ask(group, 0));
        } catch (InterruptedException | RuntimeException e) {
            ends.add(e);
        }
    }
}
