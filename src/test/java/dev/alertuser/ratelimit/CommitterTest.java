package dev.alertuser.ratelimit;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alertuser.ratelimit.Committer.Updated;
import dev.alertuser.ratelimit.LimiterMetrics.Count;
import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.counter.CounterCodec;
import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.ratelimit.store.CounterStore;
import dev.alertuser.ratelimit.store.InMemoryCounterStore;
import dev.alertuser.ratelimit.store.InMemoryCounterStore.Fault;
import dev.alertuser.ratelimit.store.StorageClock;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.RateLimiter.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CommitterTest {
    private static final QuotaPolicy POLICY = new QuotaPolicy(List.of(new Quota(100, ofMinutes(1), 0)), ofSeconds(2));

    private final VirtualTime time = new VirtualTime();
    private final StorageClock clock = new StorageClock(time::nanoTime);
    private final InMemoryCounterStore store = new InMemoryCounterStore(time, clock);
    private final List<Long> slept = new ArrayList<>();
    private final Committer committer = committer(store);

    @Test
    void aRowThatWasReadIsNotReadAgainWhileOthersAreIdle() throws Exception {
        look(committer);
        write(committer, 1);
        write(committer, 2);

        assertThat(store.reads()).isEqualTo(1);
        assertThat(store.writes()).isEqualTo(2);
        assertThat(committer.metrics().total(Count.OPERATIONS)).isEqualTo(3);
    }

    @Test
    void whoLosesEveryRaceGivesUpAfterThirtyTries() {
        Committer tested = committer(with((row, eTag) -> CounterStore.Write.LOST));

        assertThatThrownBy(() -> write(tested, 1))
                .isInstanceOf(BudgetUnavailableException.class)
                .hasMessage("the counter changed 30 times before a write of ours");

        assertThat(store.reads()).isEqualTo(30);
        assertThat(tested.metrics().total(Count.CONFLICTS)).isEqualTo(30);
        assertThat(tested.metrics().total(Count.OPERATIONS)).isEqualTo(60);
    }

    /** A try takes 10 ms to read, and 10 to write. A millisecond is added, since time is counted in whole ones. */
    @Test
    void waitsLongerAfterEachLostRaceBeginningWithFourTimesTheTimeOfATry() {
        Committer tested = committer(with((row, eTag) -> {
            time.sleep(10);
            return CounterStore.Write.LOST;
        }));

        assertThatThrownBy(() -> write(tested, 1)).isInstanceOf(BudgetUnavailableException.class);

        assertThat(slept)
                .hasSize(30)
                .startsWith(21L * 4, 21L * 8, 21L * 16, 21L * 32, 1_000L)
                .endsWith(1_000L);
    }

    @Test
    void aTryThatTakesNoTimeIsRepeatedAfterHalfASecondAtMost() {
        store.setDown(true);

        assertThatThrownBy(() -> write(committer, 1))
                .isInstanceOf(BudgetUnavailableException.class)
                .hasMessage("the counter is down");

        // After the third failure it gives up.
        assertThat(slept).containsExactly(4L, 8L);
    }

    @Test
    void noSlotOfAWriteIsUsedWhoseDateContradictsWhatWasKnown() {
        Committer tested = committer(with((row, eTag) -> new CounterStore.Write("v" + time.nanoTime(), false)));

        assertThatThrownBy(() -> write(tested, 1))
                .isInstanceOf(BudgetUnavailableException.class)
                .hasMessage("the storage service's dates contradict each other");

        assertThat(tested.metrics().total(Count.OPERATIONS)).isEqualTo(4);
        assertThat(tested.lastSeen().counter().orElseThrow().deferredUntil()).isZero();
    }

    @Test
    void contradictionsAndFailuresCountTogether() {
        Committer tested = committer(with((row, eTag) -> new CounterStore.Write("v" + time.nanoTime(), false)));
        store.fail(2);

        assertThatThrownBy(() -> write(tested, 1)).hasMessage("the storage service's dates contradict each other");

        assertThat(tested.metrics().total(Count.OPERATIONS)).isEqualTo(4);
    }

    @Test
    void anUpdateThatChangesNothingWritesNothing() throws Exception {
        look(committer);

        assertThat(store.writes()).isZero();
    }

    @Test
    void aTableThatWasAlwaysEmptyIsNoLostRow() throws Exception {
        look(committer);
        committer.forget();
        look(committer);

        assertThat(committer.lastSeen().counter()).contains(Counter.EMPTY);
        assertThat(committer.metrics().total(Count.RECOVERIES)).isZero();
    }

    @Test
    void aRowThatWasReadAndIsGoneIsReplaced() throws Exception {
        write(committer(store), 1);
        look(committer);
        store.put(null);
        committer.forget();
        look(committer);

        assertThat(store.counter().pause().cause()).isEqualTo(Cause.RECOVERING);
        assertThat(committer.metrics().total(Count.RECOVERIES)).isEqualTo(1);
    }

    /** Somebody restored a backup: what was granted since is missing in it. */
    @Test
    void aRowThatIsOlderThanBeforeIsReplaced() throws Exception {
        write(committer, 1);
        byte[] backup = CounterCodec.encode(store.counter());
        write(committer, 2);
        store.put(backup);
        committer.forget();
        look(committer);

        assertThat(store.counter().pause().cause()).isEqualTo(Cause.RECOVERING);
        assertThat(store.counter().version()).isEqualTo(3);
        assertThat(committer.metrics().total(Count.RECOVERIES)).isEqualTo(1);
    }

    @Test
    void aRowOfTheSameVersionIsNotOlder() throws Exception {
        write(committer, 1);
        committer.forget();
        look(committer);

        assertThat(store.writes()).isEqualTo(1);
    }

    @Test
    void aFaultyRowIsReportedThoughTheAnswerToTheWriteThatReplacedItIsLost() throws Exception {
        store.put(new byte[] {1, 2, 3});
        store.fail(Fault.ANSWER_LOST_AFTER_IT_LANDED);
        look(committer);

        assertThat(store.writes()).isEqualTo(1);
        assertThat(committer.metrics().total(Count.RECOVERIES)).isEqualTo(1);
        assertThat(committer.metrics().total(Count.AMBIGUOUS_WRITES)).isEqualTo(1);
    }

    /** Ten a second, while two requests of this instance take until their timeout. */
    @Test
    void aWriteWhoseAnswerIsLostIsFoundThoughOthersWroteSixtyTimesSince() throws Exception {
        store.fail(Fault.ANSWER_LOST_AFTER_IT_LANDED);
        Committer other = committer(store);
        int[] decided = {0};
        Committer tested = committer(with((row, eTag) -> {
            try {
                return store.replace(row, eTag);
            } finally {
                for (int i = 0; i < 60; i++) {
                    writeWithoutInterrupt(other, i);
                }
            }
        }));

        tested.commit((counter, binding, now) -> {
            decided[0]++;
            return new Updated<>(counter.deferred(binding, VirtualTime.START_MILLIS + 90_000), true);
        });

        assertThat(decided[0]).isEqualTo(1);
        assertThat(tested.metrics().total(Count.AMBIGUOUS_WRITES)).isEqualTo(1);
    }

    private static void writeWithoutInterrupt(Committer committer, long value) {
        try {
            write(committer, value);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void readsBeforeItWritesWhileOthersWrite() throws Exception {
        Committer other = committer(store);
        for (int i = 0; i < 20; i++) {
            write(other, i);
            committer.forget();
            look(committer);
        }
        int reads = store.reads();
        time.sleep(1_000);
        write(committer, 20);

        assertThat(store.reads() - reads).isEqualTo(1);
        assertThat(committer.metrics().total(Count.CONFLICTS)).isZero();
    }

    private static void look(Committer committer) throws InterruptedException {
        committer.commit((counter, binding, now) -> new Updated<>(counter, true));
    }

    /** Any change will do. */
    private static void write(Committer committer, long value) throws InterruptedException {
        committer.commit((counter, binding, now) ->
                new Updated<>(counter.deferred(binding, VirtualTime.START_MILLIS + 1_000 + value), true));
    }

    private interface Writing {
        CounterStore.Write write(Counter next, @Nullable String eTag);
    }

    /** The store with another way of writing. */
    private CounterStore with(Writing writing) {
        return new CounterStore() {
            @Override
            public @Nullable Row read() {
                return store.read();
            }

            @Override
            public Write replace(Counter next, @Nullable String eTag) {
                return writing.write(next, eTag);
            }
        };
    }

    /** Draws the longest backoff. */
    private Committer committer(CounterStore used) {
        Random longest = new Random() {
            @Override
            public long nextLong(long bound) {
                return bound - 1;
            }
        };
        Sleeper sleeper = millis -> {
            slept.add(millis);
            time.sleep(millis);
        };
        return new Committer(used, clock, POLICY, time::instant, sleeper, longest);
    }
}
