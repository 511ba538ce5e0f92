package dev.alertuser.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.ratelimit.Allocation.Request;
import dev.alertuser.ratelimit.Allocation.Slot;
import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.ratelimit.counter.TimeBounds;
import dev.alertuser.ratelimit.store.StorageClock;
import dev.alertuser.service.budget.Priority;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    private static final int INSTANCES = 3;
    private static final int THREADS_PER_INSTANCE = 6;
    private static final int REQUESTS_PER_THREAD = 40;
    private static final QuotaPolicy POLICY =
            new QuotaPolicy(List.of(new Quota(50, Duration.ofMinutes(1), 20)), Duration.ofSeconds(2));

    /** What concurrent callers are given is what some order of them, one after the other, would have been given. */
    @Test
    void concurrentRequestsAreEquivalentToSomeSequence() throws Exception {
        RecordingCounterStore store = new RecordingCounterStore();
        List<Callable<List<Long>>> callers = new ArrayList<>();
        for (int i = 0; i < INSTANCES; i++) {
            GroupCommit instance = instance(store);
            for (int j = 0; j < THREADS_PER_INSTANCE; j++) {
                Priority priority = j % 2 == 0 ? Priority.INTERACTIVE : Priority.BACKLOG;
                callers.add(() -> slots(instance, priority));
            }
        }
        ExecutorService threads = Executors.newFixedThreadPool(callers.size());
        List<Long> given = new ArrayList<>();
        for (Future<List<Long>> caller : threads.invokeAll(callers)) {
            given.addAll(caller.get());
        }
        threads.shutdown();

        assertThat(given).hasSizeGreaterThan(50).containsExactlyInAnyOrderElementsOf(slots(store.last()));
        for (int i = 1; i < store.counters().size(); i++) {
            assertThatOneFollowsFromTheOther(
                    store.counters().get(i - 1), store.counters().get(i));
        }
    }

    /** Replays what one write added, interactive callers first. */
    private static void assertThatOneFollowsFromTheOther(Counter before, Counter after) {
        List<Entry> added = new ArrayList<>(entries(after));
        entries(before).forEach(added::remove);
        assertThat(added).hasSize(after.log().size() - before.log().size());
        added.sort(Comparator.comparing(Entry::priority));
        Counter replayed = before;
        for (Entry entry : added) {
            assertThat(replayed.earliest(POLICY, entry.priority(), new TimeBounds(entry.slot(), entry.slot())))
                    .isEqualTo(entry.slot());
            replayed =
                    replayed.with(POLICY, entry.priority(), entry.slot(), new TimeBounds(entry.slot(), entry.slot()));
        }
        assertThat(slots(replayed)).isEqualTo(slots(after));
    }

    private static List<Long> slots(GroupCommit instance, Priority priority) throws InterruptedException {
        List<Long> slots = new ArrayList<>();
        for (int i = 0; i < REQUESTS_PER_THREAD; i++) {
            if (instance.request(new Request(Newcomer.question(), priority, QuotaPolicy.HORIZON.toMillis()))
                    instanceof Slot assigned) {
                slots.add(assigned.slot());
            }
        }
        return slots;
    }

    private record Entry(long slot, Priority priority) {}

    private static List<Entry> entries(Counter counter) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < counter.log().size(); i++) {
            entries.add(new Entry(counter.log().slot(i), counter.log().priority(i)));
        }
        return entries;
    }

    private static List<Long> slots(Counter counter) {
        return entries(counter).stream().map(Entry::slot).toList();
    }

    private static GroupCommit instance(RecordingCounterStore store) {
        StorageClock clock = new StorageClock(System::nanoTime);
        Committer committer = new Committer(
                store.seenBy(clock),
                clock,
                POLICY,
                InstantSource.system(),
                // A tenth of the real backoff. Without any, an instance may lose all its tries to two that never pause.
                millis -> TimeUnit.MICROSECONDS.sleep(100 * millis),
                new Random());
        StoreBreaker breaker = new StoreBreaker(new ReentrantLock(), clock::nanoTime, new Random());
        return new GroupCommit(
                new SharedCounter(committer, breaker), clock, millis -> Thread.onSpinWait(), new Random());
    }
}
