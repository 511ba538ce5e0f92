package dev.alertuser.ratelimit;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alertuser.ratelimit.Allocation.NoSlot;
import dev.alertuser.ratelimit.Allocation.Outcome;
import dev.alertuser.ratelimit.Allocation.Request;
import dev.alertuser.ratelimit.Allocation.Slot;
import dev.alertuser.ratelimit.LimiterMetrics.Count;
import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.counter.CounterCodec;
import dev.alertuser.ratelimit.counter.Line;
import dev.alertuser.ratelimit.counter.Pause;
import dev.alertuser.ratelimit.counter.PermitLog;
import dev.alertuser.ratelimit.counter.Place;
import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.ratelimit.store.InMemoryCounterStore;
import dev.alertuser.ratelimit.store.StorageClock;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.QuestionKey;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Batches whose members, and the order in which they came, are chosen by the test. */
@Timeout(30)
class GroupCommitOrderTest {
    private static final QuotaPolicy POLICY = new QuotaPolicy(List.of(new Quota(3, ofMinutes(1), 0)), ofSeconds(2));
    private static final long NOW = VirtualTime.START_MILLIS;

    private final VirtualTime time = new VirtualTime();
    private final StorageClock clock = new StorageClock(time::nanoTime);
    private final InMemoryCounterStore store = new InMemoryCounterStore(time, clock);
    private final BlockingLock lock = new BlockingLock();
    private final Random random = new Random(1);
    private final SharedCounter shared = new SharedCounter(
            new Committer(store, clock, POLICY, time::instant, time, random),
            new StoreBreaker(lock, clock::nanoTime, random));
    private final GroupCommit group = new GroupCommit(shared, clock, time, random);

    @Test
    void interactiveCallersComeFirstAndOfTheseTheOnesInLineInItsOrder() throws Exception {
        QuestionKey first = Newcomer.question();
        QuestionKey second = Newcomer.question();
        // One of three permits is taken and two are promised: nothing is free but for those two.
        givenRow(1, new Place(NOW + 5_000, first, false), new Place(NOW + 6_000, second, false));
        FutureTask<Outcome> backlog = lock.begin(() -> ask(Newcomer.question(), Priority.BACKLOG));
        FutureTask<Outcome> newcomer = lock.begin(() -> ask(Newcomer.question(), Priority.INTERACTIVE));
        FutureTask<Outcome> behind = lock.begin(() -> ask(second, Priority.INTERACTIVE));

        assertThat(ask(first, Priority.INTERACTIVE)).isInstanceOf(Slot.class);

        lock.letIn();
        assertThat(behind.get()).isInstanceOf(Slot.class);
        assertThat(newcomer.get()).isInstanceOf(NoSlot.class);
        assertThat(backlog.get()).isInstanceOf(NoSlot.class);
        assertThat(store.writes()).isEqualTo(1);
        assertThat(shared.metrics().total(Count.PLACES_KEPT)).isEqualTo(2);
        assertThat(shared.metrics().total(Count.PLACES_MADE)).isEqualTo(1);
    }

    /** Others did not come, so one slot is free, and it is sooner than either place by more than a window. */
    @Test
    void theFirstInLineGetsASlotThatIsFreeThoughOthersAskedBeforeIt() throws Exception {
        QuestionKey first = Newcomer.question();
        QuestionKey second = Newcomer.question();
        givenRow(2, new Place(NOW + 100_000, first, false), new Place(NOW + 101_000, second, false));
        FutureTask<Outcome> newcomer = lock.begin(() -> ask(Newcomer.question(), Priority.INTERACTIVE));
        FutureTask<Outcome> behind = lock.begin(() -> ask(second, Priority.INTERACTIVE));

        assertThat(ask(first, Priority.INTERACTIVE)).isInstanceOf(Slot.class);

        lock.letIn();
        assertThat(behind.get()).isInstanceOf(NoSlot.class);
        assertThat(newcomer.get()).isInstanceOf(NoSlot.class);
        assertThat(store.counter().log().size()).isEqualTo(3);
    }

    /** A caller that has not taken its answer yet is not served once more by the next batch. */
    @Test
    void whoIsSettledIsInNoFurtherBatch() throws Exception {
        FutureTask<Outcome> waiter = lock.begin(() -> ask(Newcomer.question(), Priority.INTERACTIVE));

        assertThat(ask(Newcomer.question(), Priority.INTERACTIVE)).isInstanceOf(Slot.class);
        assertThat(ask(Newcomer.question(), Priority.INTERACTIVE)).isInstanceOf(Slot.class);

        assertThat(store.counter().log().size()).isEqualTo(3);
        lock.letIn();
        assertThat(waiter.get()).isInstanceOf(Slot.class);
        assertThat(store.counter().log().size()).isEqualTo(3);
        assertThat(store.writes()).isEqualTo(2);
    }

    /** Not even after the breaker would let it: its batch was tried. */
    @Test
    void aFailureIsAllCallersOfTheBatch() throws Exception {
        FutureTask<Outcome> waiter = lock.begin(() -> ask(Newcomer.question(), Priority.INTERACTIVE));
        store.setDown(true);
        assertThatThrownBy(() -> ask(Newcomer.question(), Priority.INTERACTIVE))
                .isInstanceOf(BudgetUnavailableException.class);
        store.setDown(false);
        time.sleep(60_000);
        int operations = store.reads() + store.writes();

        assertThatThrownBy(lock::letIn)
                .hasCauseInstanceOf(BudgetUnavailableException.class)
                .hasRootCauseMessage("the counter is down");

        assertThat(waiter.isDone()).isTrue();
        assertThat(store.reads() + store.writes()).isEqualTo(operations);
    }

    @Test
    void placesThatLapsedCountAsAbandonedOnceThatIsWritten() throws Exception {
        givenRow(1, new Place(NOW - 60_000, Newcomer.question(), false));

        ask(Newcomer.question(), Priority.INTERACTIVE);

        assertThat(shared.metrics().total(Count.PLACES_ABANDONED)).isEqualTo(1);
        assertThat(store.counter().line()).isEqualTo(Line.EMPTY);
    }

    /** The other one looks at the row while this one waits for its turn to do so. */
    @Test
    void oneLookAtTheRowServesAllWhoWantOne() throws Exception {
        time.sleep(10_000);
        lock.begin(() -> {
            shared.lookAgain(ofSeconds(5));
            return true;
        });
        shared.lookAgain(ofSeconds(5));
        assertThat(store.reads()).isEqualTo(1);

        lock.letIn();
        shared.lookAgain(ofSeconds(5));

        assertThat(store.reads()).isEqualTo(1);
        time.sleep(5_001);
        shared.lookAgain(ofSeconds(5));
        assertThat(store.reads()).isEqualTo(2);
    }

    private Outcome ask(QuestionKey question, Priority priority) throws InterruptedException {
        return group.request(new Request(question, priority, 0));
    }

    /** @param permits that were used ten seconds ago */
    private void givenRow(int permits, Place... places) {
        PermitLog log = PermitLog.EMPTY;
        for (int i = 0; i < permits; i++) {
            log = log.with(NOW - 10_000, Priority.INTERACTIVE);
        }
        store.put(CounterCodec.encode(
                new Counter(1, log, new Line(List.of(places)), Pause.NONE, 0, 0, List.of(), Map.of(POLICY, NOW))));
    }
}
