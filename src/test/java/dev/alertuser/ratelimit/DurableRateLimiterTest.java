package dev.alertuser.ratelimit;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alertuser.ratelimit.LimiterMetrics.Count;
import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.counter.CounterCodec;
import dev.alertuser.ratelimit.counter.PermitLog;
import dev.alertuser.ratelimit.counter.Place;
import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.ratelimit.store.InMemoryCounterStore;
import dev.alertuser.ratelimit.store.InMemoryCounterStore.Fault;
import dev.alertuser.ratelimit.store.StorageClock;
import dev.alertuser.service.budget.BudgetReport;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.LimiterStats;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.QuestionKey;
import dev.alertuser.service.budget.RateLimiter.Cause;
import dev.alertuser.service.budget.RateLimiter.Decision;
import dev.alertuser.service.budget.RateLimiter.Decision.Denied;
import dev.alertuser.service.budget.RateLimiter.Decision.Granted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DurableRateLimiterTest {
    private static final QuotaPolicy POLICY =
            new QuotaPolicy(List.of(new Quota(100, ofMinutes(1), 40), new Quota(1500, ofHours(1), 75)), ofSeconds(2));

    /** Milliseconds that a request to the table takes. */
    private static final int READ = 10;

    private static final int WRITE = 10;

    private final VirtualTime time = new VirtualTime();
    private final Random random = new Random(1);
    private Simulation.Task afterLongSleep = () -> {};
    private final AtomicLong jump = new AtomicLong();
    private final StorageClock clock = new StorageClock(() -> time.nanoTime() + jump.get());
    private final InMemoryCounterStore store = new InMemoryCounterStore(time, clock);
    private final DurableRateLimiter limiter = limiter(POLICY);

    @Test
    void grantsTheFirstHundredAtOnceAndThenDeniesUntilTheNextSlot() throws Exception {
        long start = time.millis();
        givenPermitsAreSpent(100);
        assertThat(time.millis() - start).isLessThan(3_000);

        QuestionKey question = Newcomer.question();
        Denied denied = (Denied) limiter.acquire(question, Priority.INTERACTIVE, Duration.ZERO);

        assertThat(denied.cause()).isEqualTo(Cause.QUOTA);
        assertRetryAt(denied, slotOfOthersEnds(0));
        time.sleep(denied.retryAfter().toMillis() - 2 * doubt());
        assertThat(limiter.acquire(question, Priority.INTERACTIVE, Duration.ZERO))
                .isInstanceOf(Denied.class);
        time.sleep(2 * doubt());
        assertThat(limiter.acquire(question, Priority.INTERACTIVE, Duration.ZERO))
                .isInstanceOf(Granted.class);
    }

    @Test
    void looksAtTheBudgetBeforeTheFirstPermit() throws Exception {
        assertThat(limiter.lastSeenWindows()).isEmpty();
        assertThat(free(limiter.report(0, null))).containsExactly(100, 1500);
        givenPermitsAreSpent(100);
    }

    @Test
    void waitsForAPermitThatComesInTime() throws Exception {
        givenPermitsAreSpent(100);

        assertThat(Newcomer.acquire(limiter, Priority.INTERACTIVE, ofSeconds(90)))
                .isInstanceOf(Granted.class);

        PermitLog log = store.counter().log();
        assertThat(log.slot(100)).isEqualTo(slotOfOthersEnds(0));
        assertThat(time.millis() - log.slot(100)).isBetween(-100L, doubt() + READ - 100);
    }

    @Test
    void answersACallerThatComesTooEarlyWithoutTheTable() throws Exception {
        givenPermitsAreSpent(100);
        QuestionKey question = Newcomer.question();
        Denied place = (Denied) limiter.acquire(question, Priority.INTERACTIVE, Duration.ZERO);
        long due = time.millis() + place.retryAfter().toMillis();
        int operations = store.reads() + store.writes();

        for (int i = 0; i < 30; i++) {
            time.sleep(1_000);
            Denied again = (Denied) limiter.acquire(question, Priority.INTERACTIVE, Duration.ZERO);
            assertThat(time.millis() + again.retryAfter().toMillis()).isBetween(due - 10, due + 10);
        }

        assertThat(store.reads() + store.writes()).isEqualTo(operations);
    }

    @Test
    void costsOneTableOperationForEachPermitWhileNobodyElseWrites() throws Exception {
        givenPermitsAreSpent(60);

        assertThat(store.writes()).isEqualTo(60);
        assertThat(store.reads()).isEqualTo(1);
    }

    @Test
    void leavesTheReserveToInteractiveCallers() throws Exception {
        int granted = 0;
        while (Newcomer.acquire(limiter, Priority.BACKLOG, Duration.ZERO) instanceof Granted) {
            granted++;
        }

        assertThat(granted).isBetween(25, 30);
        givenPermitsAreSpent(40);
    }

    @Test
    void spreadsTheBacklogOverTheHourAfterABurst() throws Exception {
        long start = time.millis();
        for (int i = 0; i < 200; i++) {
            assertThat(Newcomer.acquire(limiter, Priority.BACKLOG, ofSeconds(30)))
                    .isInstanceOf(Granted.class);
        }

        assertThat(time.millis() - start).isBetween(170 * 2_500L, 180 * 2_600L);
    }

    @Test
    void decidesAgainAfterALostRace() throws Exception {
        DurableRateLimiter other = limiter(POLICY);
        givenPermitsAreSpent(99);
        store.beforeNextWrite(() -> granted(other));

        assertThat(Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO))
                .isInstanceOf(Denied.class);
        assertThat(store.counter().log().size()).isEqualTo(100);
    }

    @Test
    void recognisesAWriteThatLandedWithoutAnAnswer() throws Exception {
        store.fail(Fault.ANSWER_LOST_AFTER_IT_LANDED);

        givenPermitsAreSpent(1);

        assertThat(store.counter().log().size()).isEqualTo(1);
        assertThat(store.writes()).isEqualTo(1);
    }

    @Test
    void repeatsAWriteThatDidNotLand() throws Exception {
        givenPermitsAreSpent(1);
        store.fail(Fault.LOST_BEFORE_IT_LANDED);

        givenPermitsAreSpent(1);

        assertThat(store.counter().log().size()).isEqualTo(2);
    }

    @Test
    void grantsNothingWhileTheTableIsOutOfReachAndGoesOnWhenItIsBack() throws Exception {
        givenPermitsAreSpent(3);
        store.setDown(true);
        assertThatThrownBy(() -> Newcomer.acquire(limiter, Priority.INTERACTIVE, ofSeconds(20)))
                .isInstanceOf(BudgetUnavailableException.class)
                .hasMessage("the counter is down");

        store.setDown(false);
        time.sleep(200);
        givenPermitsAreSpent(97);
        assertThat(Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO))
                .isInstanceOf(Denied.class);
    }

    @Test
    void rarelyProbesATableThatIsOutOfReachAndFailsFast() throws Exception {
        givenPermitsAreSpent(1);
        assertThat(Newcomer.acquire(limiter, Priority.INTERACTIVE, ofSeconds(20)))
                .isInstanceOf(Granted.class);
        store.setDown(true);
        int operations = store.reads() + store.writes();
        for (int i = 0; i < 600; i++) {
            assertThatThrownBy(() -> Newcomer.acquire(limiter, Priority.INTERACTIVE, ofSeconds(20)))
                    .isInstanceOf(BudgetUnavailableException.class);
            time.sleep(100);
        }

        assertThat(store.reads() + store.writes() - operations).isBetween(8, 40);
    }

    @Test
    void aReadThatFailsOnceIsRepeated() throws Exception {
        store.fail(1);
        givenPermitsAreSpent(1);
        store.fail(1);

        assertThat(free(limiter.report(0, null))).startsWith(99);
    }

    @Test
    void aPermitGrantedAheadIsUsedThoughTheTableIsOutOfReachByThen() throws Exception {
        givenPermitsAreSpent(100);
        afterLongSleep = () -> store.setDown(true);

        assertThat(Newcomer.acquire(limiter, Priority.INTERACTIVE, ofSeconds(90)))
                .isInstanceOf(Granted.class);
        assertThatThrownBy(() -> Newcomer.acquire(limiter, Priority.INTERACTIVE, ofSeconds(90)))
                .isInstanceOf(BudgetUnavailableException.class);
    }

    @Test
    void pausesEveryInstanceWhenDefenderAnswers429() throws Exception {
        DurableRateLimiter other = limiter(POLICY);
        givenPermitsAreSpent(1);
        long end = time.millis() + 30_000;
        limiter.pause(ofSeconds(30));

        // The other one first: whatever else the pausing one writes carries the pause, too.
        for (DurableRateLimiter each : List.of(other, limiter)) {
            Denied denied = (Denied) Newcomer.acquire(each, Priority.INTERACTIVE, Duration.ZERO);
            assertThat(denied.cause()).isEqualTo(Cause.THROTTLED);
            assertRetryAt(denied, end);
        }
        assertThat(Newcomer.acquire(limiter, Priority.INTERACTIVE, ofSeconds(90)))
                .isInstanceOf(Granted.class);
        granted(other);
    }

    @Test
    void aPermitGrantedBeforeAPauseIsVoidInIt() throws Exception {
        Granted granted = (Granted) Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO);
        assertThat(granted.permit().isCurrent()).isTrue();

        limiter.pause(ofSeconds(30));

        assertThat(granted.permit().isCurrent()).isFalse();
    }

    @Test
    void aPermitThatOpensAtTheEndOfAPauseIsUsed() throws Exception {
        givenPermitsAreSpent(1);
        limiter.pause(ofSeconds(30));

        assertThat(Newcomer.acquire(limiter, Priority.INTERACTIVE, ofSeconds(60)))
                .isInstanceOf(Granted.class);
        assertThat(Newcomer.acquire(limiter, Priority.BACKLOG, ofMinutes(2))).isInstanceOf(Granted.class);

        assertThat(store.counter().log().size()).isEqualTo(3);
    }

    /** A second after its slot, and the doubt about the clock that the margin covers. */
    @Test
    void aPermitRunsOutElevenTenthsOfASecondAfterItsSlot() throws Exception {
        Granted granted = (Granted) Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO);
        PermitLog log = store.counter().log();
        long end = log.slot(0) + log.doubt(0);

        while (granted.permit().isCurrent()) {
            time.sleep(1);
        }

        // A doubt is logged in whole tenths of a second.
        assertThat(time.millis()).isBetween(end + 1_001 - doubt(), end + 1_101);
    }

    /** Its monotonic clock stands still meanwhile. */
    @Test
    void aPermitRunsOutTwelveTenthsOfASecondAfterItOpenedThoughTheProcessIsSuspended() throws Exception {
        Granted granted = (Granted) Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO);
        long opened = time.millis();

        while (granted.permit().isCurrent()) {
            time.sleep(1);
            jump.addAndGet(-1_000_000);
        }

        assertThat(time.millis() - opened).isEqualTo(1_201);
    }

    @Test
    void theBacklogStaysBackForAMinuteAfterAPauseAndStartsWithoutABurst() throws Exception {
        givenPermitsAreSpent(1);
        limiter.pause(ofSeconds(30));
        time.sleep(33_000);
        assertThat(Newcomer.acquire(limiter, Priority.BACKLOG, Duration.ZERO)).isInstanceOf(Denied.class);
        granted(limiter);
        time.sleep(61_000);
        int granted = 0;
        while (Newcomer.acquire(limiter, Priority.BACKLOG, Duration.ZERO) instanceof Granted) {
            granted++;
        }

        assertThat(granted).isLessThanOrEqualTo(2);
    }

    @Test
    void aCorruptRowIsReplacedByOneThatLetsNoSecondQuotaThrough() throws Exception {
        givenPermitsAreSpent(10);
        store.put(new byte[] {1, 2, 3});

        Denied denied = (Denied) Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO);

        assertThat(denied.cause()).isEqualTo(Cause.RECOVERING);
        assertRetryAt(denied, store.counter().pause().until());
        assertThat(denied.retryAfter()).isBetween(ofSeconds(62), ofMillis(62_000 + 2 * doubt()));
        assertThat(store.counter().log().size()).isEqualTo(1500);
        time.sleep(denied.retryAfter().toMillis());
        int granted = 0;
        while (Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO) instanceof Granted) {
            granted++;
        }
        assertThat(granted).isBetween(1, 30);
    }

    @Test
    void aRowThatVanishedIsReplacedLikewise() throws Exception {
        givenPermitsAreSpent(10);
        store.put(null);

        assertThat(Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO))
                .isInstanceOf(Denied.class);
    }

    @Test
    void everyInstanceReportsALostRowAndTheOneThatReplacesItLogsAWarning() throws Exception {
        DurableRateLimiter other = limiter(POLICY);
        granted(other);
        givenPermitsAreSpent(10);
        store.put(null);
        List<String> warnings = warningsOf(() -> {
            for (DurableRateLimiter each : List.of(limiter, other, limiter(POLICY))) {
                Denied denied = (Denied) Newcomer.acquire(each, Priority.INTERACTIVE, Duration.ZERO);
                assertThat(denied.cause()).isEqualTo(Cause.RECOVERING);
                assertThat(each.report(0, null).cause()).isEqualTo(Cause.RECOVERING);
            }
        });

        assertThat(warnings)
                .containsExactly("the counter's row was gone; it is replaced by one that takes the shortest window as"
                        + " used up and the longest as evenly used");
        assertThat(limiter.metrics().total(Count.RECOVERIES)).isEqualTo(1);
        assertThat(other.metrics().total(Count.RECOVERIES)).isZero();
    }

    @Test
    void aLostRowDoesNotEndAPauseOfDefenders() throws Exception {
        givenPermitsAreSpent(1);
        long end = time.millis() + 600_000;
        limiter.pause(ofMinutes(10));
        store.put(null);

        Denied denied = (Denied) Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO);

        assertThat(denied.cause()).isEqualTo(Cause.THROTTLED);
        assertRetryAt(denied, end);
    }

    private static List<String> warningsOf(Simulation.Task task) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        Logger log = Logger.getLogger(Committer.class.getName());
        log.setFilter(line -> line.getLevel().equals(Level.WARNING) && lines.add(line.getMessage()));
        try {
            task.run();
        } finally {
            log.setFilter(null);
        }
        return lines;
    }

    @Test
    void aRowOfANewerVersionIsLeftAlone() {
        byte[] newer = CounterCodec.encode(Counter.EMPTY);
        newer[0] = 3;
        store.put(newer);

        assertThatThrownBy(() -> Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO))
                .isInstanceOf(BudgetUnavailableException.class)
                .hasMessage("the counter has format 3 but this version of the app knows only 1 and 2");
        assertThat(store.writes()).isZero();
    }

    @Test
    void theStricterLimitsHoldWhileTwoVersionsOfTheSettingsAreDeployed() throws Exception {
        QuotaPolicy strict = new QuotaPolicy(List.of(new Quota(10, ofMinutes(1), 0)), ofSeconds(2));
        granted(limiter(strict));
        givenPermitsAreSpent(9);

        assertThat(Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO))
                .isInstanceOf(Denied.class);
        time.sleep(700_000);
        givenPermitsAreSpent(100);
    }

    @Test
    void aDenialDoesNotOutliveTheForeignLimitsThatCausedIt() throws Exception {
        DurableRateLimiter strict = limiter(new QuotaPolicy(List.of(new Quota(10, ofHours(1), 0)), ofSeconds(2)));
        for (int i = 0; i < 10; i++) {
            granted(strict);
        }
        long written = time.millis() - WRITE;
        time.sleep(120_000);
        Denied denied = (Denied) Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO);

        assertRetryAt(denied, written + 600_000);
        // The clock drifts meanwhile, and strangers' limits hold until they have surely expired.
        time.sleep(denied.retryAfter().toMillis() + 50);
        givenPermitsAreSpent(100);
        denied = (Denied) Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO);
        assertRetryAt(denied, slotOfOthersEnds(10));
    }

    /** When a slot is free again that was used up to the end of what was known of the time. */
    private long slotOfOthersEnds(int index) {
        PermitLog log = store.counter().log();
        return 62_000
                + IntStream.range(0, log.size())
                        .mapToLong(i -> log.slot(i) + log.doubt(i))
                        .sorted()
                        .skip(index)
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void aDenialUnderForeignLimitsIsNotShorterThanOneUnderItsOwn() throws Exception {
        DurableRateLimiter strict = limiter(new QuotaPolicy(List.of(new Quota(10, ofHours(1), 0)), ofSeconds(2)));
        for (int i = 0; i < 10; i++) {
            granted(strict);
        }
        long end = time.millis() + 1_200_000;
        limiter.pause(ofMinutes(20));

        Denied denied = (Denied) Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO);

        assertRetryAt(denied, end);
    }

    /** Nobody else writes, so this instance does not read before it writes. */
    @Test
    void aClockThatJumpedForgetsNothingAndBlocksNobody() throws Exception {
        givenPermitsAreSpent(100);
        PermitLog before = store.counter().log();
        jump.set(Duration.ofHours(1).toNanos());

        assertThat(Newcomer.acquire(limiter, Priority.BACKLOG, Duration.ZERO)).isInstanceOf(Denied.class);
        assertThat(Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO))
                .isInstanceOf(Denied.class);

        assertThat(store.counter().log()).isEqualTo(before);
        time.sleep(70_000);
        assertThat(Newcomer.acquire(limiter, Priority.BACKLOG, Duration.ZERO)).isInstanceOf(Granted.class);
    }

    /** Its monotonic clock stood still with it, so only the wall clock and the table can tell. */
    @Test
    void aWaiterThatWasSuspendedSendsNothingLate() throws Exception {
        givenPermitsAreSpent(100);
        Duration stall = ofSeconds(30);
        afterLongSleep = () -> {
            limiter.prepare();
            time.sleep(stall.toMillis());
            jump.addAndGet(-stall.toNanos());
        };

        Granted granted = (Granted) Newcomer.acquire(limiter, Priority.INTERACTIVE, ofSeconds(90));

        assertThat(granted.permit().isCurrent()).isTrue();
        assertThat(store.counter().log().slot(101)).isBetween(time.millis() - 1_000, time.millis() + 100);
    }

    /** Its slot is an hour ahead once the storage service tells another time. */
    @Test
    void aCallerNeverSleepsLongerThanItsWaitWhenTheTimeIsSetBack() throws Exception {
        store.setDateError(ofHours(1).toMillis());
        givenPermitsAreSpent(100);
        long start = time.millis();
        afterLongSleep = () -> {
            store.setDateError(0);
            limiter.prepare();
        };

        Newcomer.acquire(limiter, Priority.INTERACTIVE, ofSeconds(90));

        assertThat(time.millis() - start).isLessThan(92_000);
        assertThat(limiter.metrics().total(Count.LATE_PERMITS)).isEqualTo(1);
    }

    @Test
    void aPermitIsNotCurrentAfterItsHolderWasSuspended() throws Exception {
        Granted granted = (Granted) Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO);

        time.sleep(30_000);
        jump.addAndGet(-ofSeconds(30).toNanos());

        assertThat(granted.permit().isCurrent()).isFalse();
    }

    @Test
    void reportsWhatIsFreeInEachWindow() throws Exception {
        givenPermitsAreSpent(7);

        BudgetReport status = limiter.report(0, null);

        assertThat(status.paused()).isEqualTo(Duration.ZERO);
        assertThat(free(status)).containsExactly(93, 1493);
        assertThat(status.windows().get(0).reset()).isBetween(ofSeconds(60), ofSeconds(64));
    }

    @Test
    void countsWhatItDoes() throws Exception {
        DurableRateLimiter other = limiter(POLICY);
        granted(other);
        store.beforeNextWrite(() -> granted(other));
        givenPermitsAreSpent(1);
        store.fail(Fault.ANSWER_LOST_AFTER_IT_LANDED);
        givenPermitsAreSpent(97);
        Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO);
        limiter.pause(ofSeconds(1));
        store.setDown(true);
        time.sleep(70_000);
        assertThatThrownBy(() -> Newcomer.acquire(limiter, Priority.BACKLOG, Duration.ZERO))
                .isInstanceOf(BudgetUnavailableException.class);

        LimiterMetrics metrics = limiter.metrics();
        assertThat(metrics.total(Count.GRANTED_INTERACTIVE)).isEqualTo(98);
        assertThat(metrics.total(Count.DENIED_INTERACTIVE)).isEqualTo(1);
        assertThat(metrics.total(Count.UNAVAILABLE)).isEqualTo(1);
        assertThat(metrics.total(Count.CONFLICTS)).isEqualTo(1);
        assertThat(metrics.total(Count.AMBIGUOUS_WRITES)).isGreaterThanOrEqualTo(1);
        assertThat(metrics.total(Count.PAUSES)).isEqualTo(1);
        assertThat(metrics.total(Count.OPERATIONS)).isBetween(100L, 115L);
    }

    @Test
    void offersStatisticsOnceAMinute() throws Exception {
        List<LimiterStats> taken = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            givenPermitsAreSpent(1);
            limiter.takeStats().ifPresent(taken::add);
            time.sleep(10_000);
        }

        assertThat(taken).hasSize(3).allMatch(stats -> stats.windows().size() == 2);
        assertThat(taken.get(1).counts()).containsEntry("grantedInteractive", 6L);
    }

    @Test
    void aPermitThatComesTooLateIsCountedAndTakenAgain() throws Exception {
        store.beforeNextWrite(() -> time.sleep(2_500));

        assertThat(Newcomer.acquire(limiter, Priority.INTERACTIVE, ofSeconds(5)))
                .isInstanceOf(Granted.class);

        assertThat(limiter.metrics().total(Count.LATE_PERMITS)).isEqualTo(1);
        assertThat(store.counter().log().size()).isEqualTo(2);
    }

    /** Not earlier and not later, but for the doubt about the time, when the end was stamped and now. */
    private void assertRetryAt(Denied denied, long moment) {
        assertThat(denied.retryAfter().toMillis() + time.millis()).isBetween(moment, moment + 2 * doubt());
    }

    @Test
    void whoComesBackInTimeIsServedOnAnyInstanceThoughNewcomersPress() throws Exception {
        givenPermitsAreSpent(100);
        QuestionKey question = Newcomer.question();
        Denied place = (Denied) limiter.acquire(question, Priority.INTERACTIVE, Duration.ZERO);
        for (int i = 0; i < 10; i++) {
            assertThat(Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO))
                    .isInstanceOf(Denied.class);
        }
        time.sleep(place.retryAfter().toMillis() + 10_000);

        assertThat(limiter(POLICY).acquire(question, Priority.INTERACTIVE, Duration.ZERO))
                .isInstanceOf(Granted.class);
        assertThat(limiter.metrics().total(Count.PLACES_MADE)).isEqualTo(11);
    }

    @Test
    void anEqualQuestionFindsThePlaceClaimedAndItsAnswerOnTheWay() throws Exception {
        givenPermitsAreSpent(100);
        QuestionKey question = Newcomer.question();
        DurableRateLimiter other = limiter(POLICY);
        Denied place = (Denied) limiter.acquire(question, Priority.INTERACTIVE, Duration.ZERO);
        Denied same = (Denied) other.acquire(question, Priority.INTERACTIVE, Duration.ZERO);
        assertThat(store.counter().line().size()).isEqualTo(1);
        assertThat(same.retryAfter()).isLessThanOrEqualTo(place.retryAfter());
        for (int i = 0; i < 99; i++) {
            Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO);
        }
        time.sleep(place.retryAfter().toMillis());
        assertThat(limiter.acquire(question, Priority.INTERACTIVE, Duration.ZERO))
                .isInstanceOf(Granted.class);

        Denied second = (Denied) other.acquire(question, Priority.INTERACTIVE, Duration.ZERO);

        assertThat(second.cause()).isEqualTo(Cause.CLAIMED);
        assertThat(second.retryAfter()).isEqualTo(ofSeconds(1));
    }

    @Test
    void aPlaceThatNobodyClaimsIsFreeForOthers() throws Exception {
        givenPermitsAreSpent(100);
        Denied place = (Denied) Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO);
        for (int i = 0; i < 99; i++) {
            Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO);
        }
        time.sleep(place.retryAfter().toMillis() + 5_000);
        assertThat(Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO))
                .isInstanceOf(Denied.class);

        time.sleep(14_000);

        assertThat(Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO))
                .isInstanceOf(Granted.class);
        assertThat(limiter.metrics().total(Count.PLACES_ABANDONED)).isGreaterThanOrEqualTo(100);
    }

    @Test
    void aPauseOfDefenderMovesThePlacesInTheirOrder() throws Exception {
        givenPermitsAreSpent(100);
        QuestionKey first = Newcomer.question();
        QuestionKey second = Newcomer.question();
        limiter.acquire(first, Priority.INTERACTIVE, Duration.ZERO);
        limiter.acquire(second, Priority.INTERACTIVE, Duration.ZERO);

        limiter.pause(ofMinutes(10));

        Denied one = (Denied) limiter.acquire(first, Priority.INTERACTIVE, Duration.ZERO);
        Denied two = (Denied) limiter.acquire(second, Priority.INTERACTIVE, Duration.ZERO);
        assertThat(one.retryAfter()).isBetween(ofMinutes(10), ofMinutes(10).plusSeconds(2));
        assertThat(two.retryAfter()).isGreaterThanOrEqualTo(one.retryAfter());
        assertThat(limiter.metrics().total(Count.PLACES_PAUSED)).isEqualTo(2);
    }

    @Test
    void stricterSettingsMoveThePlaces() throws Exception {
        givenPermitsAreSpent(100);
        for (int i = 0; i < 12; i++) {
            Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO);
        }
        DurableRateLimiter strict = limiter(new QuotaPolicy(List.of(new Quota(10, ofMinutes(1), 0)), ofSeconds(2)));

        Newcomer.acquire(strict, Priority.INTERACTIVE, Duration.ZERO);

        List<Place> places = store.counter().line().places();
        assertThat(places).hasSize(13);
        assertThat(places.get(10).slot() - places.get(0).slot()).isGreaterThanOrEqualTo(62_000 + Place.LIFE);
        assertThat(strict.metrics().total(Count.PLACES_RESET)).isPositive();
    }

    @Test
    void countsThePlacesThatALostRowAndALostTableBreak() throws Exception {
        givenPermitsAreSpent(100);
        QuestionKey question = Newcomer.question();
        Denied place = (Denied) limiter.acquire(question, Priority.INTERACTIVE, Duration.ZERO);
        time.sleep(place.retryAfter().toMillis());
        store.setDown(true);
        assertThatThrownBy(() -> limiter.acquire(question, Priority.INTERACTIVE, Duration.ZERO))
                .isInstanceOf(BudgetUnavailableException.class);
        assertThat(limiter.metrics().total(Count.PLACES_UNAVAILABLE)).isEqualTo(1);
        store.setDown(false);
        time.sleep(1_000);
        store.put(new byte[] {1});

        assertThat(limiter.acquire(question, Priority.INTERACTIVE, Duration.ZERO))
                .isInstanceOf(Denied.class);

        assertThat(limiter.metrics().total(Count.PLACES_LOST)).isEqualTo(1);
    }

    @Test
    void countsThePlacesOfALostRowThoughItsReplacementLosesARace() throws Exception {
        givenPermitsAreSpent(100);
        QuestionKey question = Newcomer.question();
        Denied place = (Denied) limiter.acquire(question, Priority.INTERACTIVE, Duration.ZERO);
        time.sleep(place.retryAfter().toMillis());
        store.put(new byte[] {1});
        store.beforeNextWrite(() -> store.put(new byte[] {1, 1}));

        limiter.report(0, null);

        assertThat(limiter.metrics().total(Count.PLACES_LOST)).isEqualTo(1);
    }

    @Test
    void requestsOfTheBacklogArePutOffToTurnsOfTheirOwn() throws Exception {
        while (Newcomer.acquire(limiter, Priority.BACKLOG, Duration.ZERO) instanceof Granted) {
            time.sleep(1);
        }
        List<Long> turns = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Denied denied = (Denied) Newcomer.acquire(limiter, Priority.BACKLOG, Duration.ZERO);
            turns.add(time.millis() + denied.retryAfter().toMillis());
        }

        for (int i = 1; i < 100; i++) {
            assertThat(turns.get(i) - turns.get(i - 1)).isBetween(1_900L, 2_700L);
        }
        int operations = store.reads() + store.writes();
        Denied last = (Denied) Newcomer.acquire(limiter, Priority.BACKLOG, Duration.ZERO);
        assertThat(last.retryAfter()).isBetween(ofSeconds(295), ofSeconds(610));
        assertThat(store.reads() + store.writes()).isEqualTo(operations);
    }

    /** Milliseconds within which the storage service's time is known. */
    private long doubt() {
        return clock.now().width();
    }

    private DurableRateLimiter limiter(QuotaPolicy policy) {
        Committer committer = new Committer(store, clock, policy, time::instant, this::sleep, random);
        StoreBreaker breaker = new StoreBreaker(new ReentrantLock(), clock::nanoTime, random);
        return new DurableRateLimiter(new SharedCounter(committer, breaker), clock, time::instant, this::sleep, random);
    }

    private void sleep(long millis) throws InterruptedException {
        time.sleep(millis);
        if (millis > 10_000) {
            Simulation.Task now = afterLongSleep;
            afterLongSleep = () -> {};
            now.run();
        }
    }

    private void givenPermitsAreSpent(int permits) {
        for (int i = 0; i < permits; i++) {
            granted(limiter);
        }
    }

    private static void granted(DurableRateLimiter limiter) {
        try {
            Decision decision = Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO);
            assertThat(decision).isInstanceOf(Granted.class);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Integer> free(BudgetReport report) {
        return report.windows().stream()
                .map(window -> window.free().interactive())
                .toList();
    }
}
