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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batches whose members, and the order in which they came, are chosen by the test. */
@Timeout(30)
class GroupCommitOrderTest {
    private static final QuotaPolicy POLICY = perMinute(3);
    private static final long NOW = VirtualTime.START_MILLIS;

    private final VirtualTime time = new VirtualTime();
    private final StorageClock clock = new StorageClock(time::nanoTime);
    private final InMemoryCounterStore store = new InMemoryCounterStore(time, clock);
    private final BlockingLock lock = new BlockingLock();
    private final Random random = new Random(1);
    private final List<Long> gathered = new ArrayList<>();
    private Simulation.Task whileGathering = () -> {};
    private final SharedCounter shared = shared(POLICY);
    private final GroupCommit group = group(shared);

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

    /** Its permit would open while it sleeps. Ten milliseconds do not matter. */
    @ParameterizedTest(name = "{0} ms before it wakes: {1} writes")
    @CsvSource({"10, 1", "11, 2", "2_000, 2"})
    void whoIsStillGatheringIsInNobodyElsesBatch(long before, int writes) throws Exception {
        QuestionKey due = Newcomer.question();
        givenRow(2, new Place(NOW - 1_000, due, false));
        shared.look();
        whileGathering = () -> {
            time.sleep(gathered.get(0) - before);
            assertThat(ask(due, 0)).isInstanceOf(Slot.class);
            assertThat(store.writes()).isEqualTo(1);
            time.sleep(before);
        };

        assertThat(ask(Newcomer.question(), 90_000)).isInstanceOf(Slot.class);

        assertThat(gathered).containsExactly(2_500L);
        assertThat(store.writes()).isEqualTo(writes);
    }

    /** The others whose time has come are about to ask, too. */
    @ParameterizedTest(name = "{0} places due and {1} ms to wait: {2} ms")
    @CsvSource({"5, 2_000, 500", "5, 60_000, 750", "5, 0, 0", "4, 60_000, 0"})
    void whoseTimeHasComeTogetherWithOthersGathersABatch(int places, long maxWait, long gathers) throws Exception {
        Place[] due = new Place[places];
        for (int i = 0; i < places; i++) {
            due[i] = new Place(NOW - 100, Newcomer.question(), false);
        }
        QuotaPolicy policy = perMinute(5);
        store.put(CounterCodec.encode(new Counter(
                1, PermitLog.EMPTY, new Line(List.of(due)), Pause.NONE, 0, 0, List.of(), Map.of(policy, NOW))));
        SharedCounter generous = shared(policy);
        generous.look();

        assertThat(group(generous).request(new Request(due[0].question(), Priority.INTERACTIVE, maxWait)))
                .isInstanceOf(Slot.class);

        assertThat(gathered.stream().mapToLong(millis -> millis).sum()).isEqualTo(gathers);
    }

    @ParameterizedTest(name = "{0} ms to wait: {1} ms")
    @CsvSource({"2_000, 500", "40_000, 750", "0, 0"})
    void whoIsDeniedGathersForALittleWhileOnly(long maxWait, long gathers) throws Exception {
        givenRow(3);
        shared.look();

        assertThat(ask(Newcomer.question(), maxWait)).isInstanceOf(NoSlot.class);

        assertThat(gathered.stream().mapToLong(millis -> millis).sum()).isEqualTo(gathers);
    }

    private SharedCounter shared(QuotaPolicy policy) {
        return new SharedCounter(
                new Committer(store, clock, policy, time::instant, time, random),
                new StoreBreaker(lock, clock::nanoTime, random));
    }

    /** Draws the least time to gather. */
    private GroupCommit group(SharedCounter counter) {
        return new GroupCommit(counter, clock, this::gather, new Random() {
            @Override
            public long nextLong(long bound) {
                return 0;
            }
        });
    }

    private static QuotaPolicy perMinute(int permits) {
        return new QuotaPolicy(List.of(new Quota(permits, ofMinutes(1), 0)), ofSeconds(2));
    }

    private void gather(long millis) throws InterruptedException {
        gathered.add(millis);
        Simulation.Task task = whileGathering;
        whileGathering = () -> time.sleep(millis);
        task.run();
    }

    private Outcome ask(QuestionKey question, long maxWait) throws InterruptedException {
        return group.request(new Request(question, Priority.INTERACTIVE, maxWait));
    }

    /** The other one looks at the row while this one waits for its turn to do so. */
    @Test
    void oneLookAtTheRowServesAllWhoWantOne() throws Exception {
        time.sleep(10_000);
        Future<Boolean> other = lock.begin(() -> {
            shared.lookAgain(ofSeconds(5));
            return true;
        });
        shared.lookAgain(ofSeconds(5));
        assertThat(store.reads()).isEqualTo(1);

        lock.letIn();
        assertThat(other.get()).isTrue();
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
