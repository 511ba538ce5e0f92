package dev.alertuser.ratelimit;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.ratelimit.LimiterMetrics.Count;
import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.counter.Place;
import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.ratelimit.store.CounterStore;
import dev.alertuser.ratelimit.store.InMemoryCounterStore;
import dev.alertuser.ratelimit.store.StorageClock;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.LimiterStats;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.QuestionKey;
import dev.alertuser.service.budget.RateLimiter.Cause;
import dev.alertuser.service.budget.RateLimiter.Decision.Denied;
import dev.alertuser.service.budget.RateLimiter.Decision.Granted;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When exactly permits, places and pauses begin and end, as one limiter sees it. */
class LimiterBoundariesTest {
    private static final QuotaPolicy POLICY =
            new QuotaPolicy(List.of(new Quota(2, ofMinutes(1), 0), new Quota(1500, ofHours(1), 75)), ofSeconds(2));

    private final VirtualTime time = new VirtualTime();
    private final Random random = new Random(1);
    private final StorageClock clock = new StorageClock(time::nanoTime);
    private final InMemoryCounterStore store = new InMemoryCounterStore(time, clock);
    private Simulation.Task afterLongSleep = () -> {};
    private final DurableRateLimiter limiter = limiter(store, POLICY);

    @Test
    void isMadeWithoutAnyRequest() {
        TableClientBuilder nowhere = new TableClientBuilder()
                .endpoint("https://localhost:1")
                .sasToken("sig=none")
                .tableName("Budget");

        assertThat(DurableRateLimiter.create(nowhere, "key", POLICY).lastSeenWindows())
                .isEmpty();
    }

    /** From the moment at which its time may have come to the one at which it has surely lapsed. */
    @ParameterizedTest(
            name = "{0} ms after its slot by the late end of the time, or {1} ms after its end by the early one: {2}")
    @CsvSource({"-1, , 0", "0, , 1", "1, , 1", ", -1, 1", ", 0, 1", ", 1, 0"})
    void aPlaceIsBrokenByATableOutOfReachWhileItCouldBeClaimed(
            @Nullable Long afterSlot, @Nullable Long afterEnd, int broken) throws Exception {
        QuestionKey question = Newcomer.question();
        Place place = givenPlace(question);
        long ahead = afterSlot == null
                ? place.end() - clock.now().early() + afterEnd
                : place.slot() - clock.now().late() + afterSlot;
        time.sleep(ahead - 70);
        givenTheTableIsOutOfReachAndThatIsKnown();
        while (afterSlot == null
                ? clock.now().early() < place.end() + afterEnd
                : clock.now().late() < place.slot() + afterSlot) {
            time.sleep(1);
        }

        assertThatThrownBy(() -> limiter.acquire(question, Priority.INTERACTIVE, ofMillis(1)))
                .isInstanceOf(BudgetUnavailableException.class);

        assertThat(limiter.metrics().total(Count.PLACES_UNAVAILABLE)).isEqualTo(broken);
    }

    @Test
    void aPlaceThatIsClaimedIsNotBrokenByATableOutOfReach() throws Exception {
        QuestionKey question = Newcomer.question();
        Place place = givenPlace(question);
        time.sleep(place.slot() - clock.now().early());
        assertThat(limiter.acquire(question, Priority.INTERACTIVE, Duration.ZERO))
                .isInstanceOf(Granted.class);
        givenTheTableIsOutOfReachAndThatIsKnown();

        assertThatThrownBy(() -> limiter.acquire(question, Priority.INTERACTIVE, ofMinutes(2)))
                .isInstanceOf(BudgetUnavailableException.class);

        assertThat(limiter.metrics().total(Count.PLACES_UNAVAILABLE)).isZero();
    }

    private Place givenPlace(QuestionKey question) throws InterruptedException {
        granted(ofSeconds(0));
        granted(ofSeconds(0));
        assertThat(limiter.acquire(question, Priority.INTERACTIVE, Duration.ZERO))
                .isInstanceOf(Denied.class);
        return store.counter().line().find(question).orElseThrow();
    }

    /** So nobody tries it again for some tenths of a second. */
    private void givenTheTableIsOutOfReachAndThatIsKnown() {
        store.setDown(true);
        assertThatThrownBy(limiter::prepare).isInstanceOf(BudgetUnavailableException.class);
    }

    @Test
    void tellsHowWellTheTimeIsKnownAndTheLongestLag() throws Exception {
        time.sleep(60_000);
        assertThat(limiter.takeStats().orElseThrow().clockWidthMillis()).isEqualTo(-1);
        granted(ofSeconds(0));
        long slot = store.counter().log().slot(0);
        time.sleep(60_000);

        LimiterStats stats = limiter.takeStats().orElseThrow();

        assertThat(stats.clockWidthMillis()).isEqualTo(clock.now().width());
        // It was used 10 ms after it was stamped, with what was known of the time then.
        long used = clock.now().early() - 60_000 + 3;
        assertThat(stats.slotLagMillis()).isBetween(Math.max(0, used - slot - 6), Math.max(0, used - slot));
    }

    @Test
    void aPermitThatIsUsedLateLags() throws Exception {
        granted(ofSeconds(0));
        granted(ofSeconds(0));
        afterLongSleep = () -> time.sleep(700);
        granted(ofSeconds(90));
        time.sleep(60_000);

        assertThat(limiter.takeStats().orElseThrow().slotLagMillis()).isBetween(600L, 1_000L);
    }

    @Test
    void aCallerThatGetsThreePermitsTooLateIsDeniedForASecond() throws Exception {
        QuotaPolicy policy = new QuotaPolicy(List.of(new Quota(100, ofMinutes(1), 0)), ofSeconds(2));
        DurableRateLimiter tested = limiter(slow(9), policy);

        assertThat(Newcomer.acquire(tested, Priority.INTERACTIVE, ofMinutes(2)))
                .isEqualTo(new Denied(ofSeconds(1), Cause.QUOTA, 3));

        assertThat(tested.metrics().total(Count.LATE_PERMITS)).isEqualTo(3);
        assertThat(store.writes()).isEqualTo(3);
    }

    @Test
    void tellsHowManyPermitsWereChargedForTheOne() throws Exception {
        DurableRateLimiter tested = limiter(slow(1), POLICY);

        assertThat(((Granted) Newcomer.acquire(tested, Priority.INTERACTIVE, ofMinutes(2))).charged())
                .isEqualTo(2);
    }

    @Test
    void tellsHowManyPermitsWereChargedInVain() throws Exception {
        DurableRateLimiter tested = limiter(slow(2), POLICY);

        // The third would come a minute later.
        assertThat(((Denied) Newcomer.acquire(tested, Priority.INTERACTIVE, ofSeconds(9))).charged())
                .isEqualTo(2);
    }

    /** It sleeps until the pause is over to the millisecond, and has seen the row since less than five seconds. */
    @Test
    void aPermitIsCurrentFromTheEndOfAPause() throws Exception {
        granted(ofSeconds(0));
        limiter.pause(ofSeconds(3));

        Granted granted = (Granted) Newcomer.acquire(limiter, Priority.INTERACTIVE, ofSeconds(10));

        assertThat(clock.now().early()).isEqualTo(store.counter().pause().until());
        assertThat(granted.charged()).isEqualTo(1);
        assertThat(store.counter().log().size()).isEqualTo(2);
    }

    @Test
    void aPermitOfTheBacklogIsVoidInTheRestAfterAPause() throws Exception {
        Granted granted = (Granted) Newcomer.acquire(limiter, Priority.BACKLOG, Duration.ZERO);
        assertThat(granted.permit().isCurrent()).isTrue();

        limiter.pause(ofSeconds(1));
        assertThat(granted.permit().isCurrent()).isFalse();
    }

    @Test
    void aPauseLastsASecondAtLeast() throws Exception {
        limiter.prepare();
        long now = clock.now().late();
        limiter.pause(Duration.ZERO);

        assertThat(store.counter().pause().until()).isEqualTo(now + 1_000);
    }

    /** The time is set back by 3.1 s while it sleeps, so the slot opens 1.1 s after its wait. */
    @Test
    void aSlotThatOpensSlightlyAfterTheWaitIsWaitedFor() throws Exception {
        granted(ofSeconds(0));
        granted(ofSeconds(0));
        long wait = opening() + 2_000;
        afterLongSleep = () -> setBack(3_100);

        granted(ofMillis(wait));

        assertThat(limiter.metrics().total(Count.LATE_PERMITS)).isZero();
    }

    @Test
    void aSlotThatOpensLongAfterTheWaitIsNotWaitedFor() throws Exception {
        granted(ofSeconds(0));
        granted(ofSeconds(0));
        long wait = opening() + 2_000;
        long start = time.millis();
        afterLongSleep = () -> setBack(10_000);

        assertThat(Newcomer.acquire(limiter, Priority.INTERACTIVE, ofMillis(wait)))
                .isInstanceOf(Denied.class);

        assertThat(time.millis() - start).isLessThan(wait + 100);
        assertThat(limiter.metrics().total(Count.LATE_PERMITS)).isEqualTo(1);
    }

    private long opening() {
        Counter counter = store.counter();
        return counter.earliest(POLICY, Priority.INTERACTIVE, clock.now())
                - clock.now().late();
    }

    private void setBack(long millis) throws InterruptedException {
        store.setDateError(-millis);
        limiter.prepare();
    }

    /** The first writes take too long. */
    private CounterStore slow(int writes) {
        return new CounterStore() {
            private int left = writes;

            @Override
            public @Nullable Row read() {
                return store.read();
            }

            @Override
            public Write replace(Counter next, @Nullable String eTag) {
                time.sleep(left-- > 0 ? 2_500 : 0);
                return store.replace(next, eTag);
            }
        };
    }

    private DurableRateLimiter limiter(CounterStore used, QuotaPolicy policy) {
        Committer committer = new Committer(used, clock, policy, time::instant, this::sleep, random);
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

    private void granted(Duration maxWait) throws InterruptedException {
        assertThat(Newcomer.acquire(limiter, Priority.INTERACTIVE, maxWait)).isInstanceOf(Granted.class);
    }
}
