package dev.alertuser.ratelimit;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.ratelimit.Allocation.NoSlot;
import dev.alertuser.ratelimit.Allocation.Outcome;
import dev.alertuser.ratelimit.Allocation.Promises;
import dev.alertuser.ratelimit.Allocation.Request;
import dev.alertuser.ratelimit.Allocation.Slot;
import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.counter.Line;
import dev.alertuser.ratelimit.counter.Pause;
import dev.alertuser.ratelimit.counter.PermitLog;
import dev.alertuser.ratelimit.counter.Place;
import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.ratelimit.counter.TimeBounds;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.QuestionKey;
import dev.alertuser.service.budget.RateLimiter.Cause;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllocationTest {
    private static final long NOW = VirtualTime.START_MILLIS;

    /** A window and its margin. */
    private static final long SPAN = 62_000;

    private static final QuestionKey ONE = new QuestionKey(1);
    private static final QuestionKey OTHER = new QuestionKey(2);
    private static final QuestionKey THIRD = new QuestionKey(3);

    private static final QuotaPolicy ONE_A_MINUTE = perMinute(1, 0);
    private static final QuotaPolicy THREE_A_MINUTE = perMinute(3, 0);

    /** The backlog's even pace is one a minute then. */
    private static final QuotaPolicy TWO_A_MINUTE_AND_ONE_FOR_THE_BACKLOG = perMinute(2, 1);

    private final Random random = new Random(1);

    @Test
    void aSlotWithinTheWaitIsCharged() {
        Allocation allocation = allocation(counter(ONE_A_MINUTE, List.of(NOW - 50_000)), ONE_A_MINUTE);

        assertThat(allocation.allot(interactive(ONE, 12_000))).isEqualTo(slot(NOW + 12_000));

        assertThat(slots(allocation.next())).containsExactly(NOW - 50_000, NOW + 12_000);
        assertThat(allocation.next().line()).isEqualTo(Line.EMPTY);
        assertThat(allocation.isChanged()).isTrue();
        assertThat(allocation.promises()).isEqualTo(Promises.NONE);
    }

    @Test
    void aSlotAMillisecondBeyondTheWaitIsPromised() {
        Allocation allocation = allocation(counter(ONE_A_MINUTE, List.of(NOW - 50_000)), ONE_A_MINUTE);

        assertThat(allocation.allot(interactive(ONE, 11_999))).isEqualTo(denied(NOW + 12_000));

        assertThat(slots(allocation.next())).containsExactly(NOW - 50_000);
        assertThat(allocation.next().line().places()).containsExactly(open(NOW + 12_000, ONE));
        assertThat(allocation.isChanged()).isTrue();
        assertThat(allocation.promises()).isEqualTo(new Promises(1, 0, 0, 0));
    }

    /** A wait begins at the late end of what is known of the time, and a permit's doubt is what the margin has no room for. */
    @Test
    void aSlotEndsLaterByWhatIsNotKnownOfTheTime() {
        TimeBounds roughly = new TimeBounds(NOW, NOW + 1_050);
        Counter spent = counter(ONE_A_MINUTE, List.of(NOW - 50_000));

        assertThat(new Allocation(Counter.EMPTY, ONE_A_MINUTE, ONE_A_MINUTE, roughly, random)
                        .allot(interactive(ONE, 0)))
                .isEqualTo(new Slot(NOW + 100, NOW + 1_100));
        assertThat(new Allocation(spent, ONE_A_MINUTE, ONE_A_MINUTE, roughly, random)
                        .allot(interactive(ONE, 12_000 - 1_050)))
                .isEqualTo(new Slot(NOW + 12_000, NOW + 13_000));
        assertThat(new Allocation(spent, ONE_A_MINUTE, ONE_A_MINUTE, roughly, random)
                        .allot(interactive(ONE, 12_000 - 1_051)))
                .isInstanceOf(NoSlot.class);
    }

    @Test
    void whoComesTooEarlyIsToldTheTimeOfItsPlaceAndNothingChanges() {
        Counter counter = counter(ONE_A_MINUTE, List.of(NOW - 50_000), open(NOW + 12_000, ONE));
        Allocation allocation = allocation(counter, ONE_A_MINUTE);

        assertThat(allocation.allot(interactive(ONE, 11_999))).isEqualTo(denied(NOW + 12_000));

        assertThat(allocation.isChanged()).isFalse();
        assertThat(allocation.next()).isEqualTo(counter);
        assertThat(allocation.promises()).isEqualTo(Promises.NONE);
    }

    /** At its time, at the last moment at which it can be claimed, and ahead of it within the wait. */
    @ParameterizedTest(name = "its slot is {0} ms ahead")
    @CsvSource({"0, 0", "-13_000, 0", "12_000, 12_000"})
    void aPlaceIsClaimed(long ahead, long maxWait) {
        Counter counter = counter(ONE_A_MINUTE, List.of(NOW + ahead - SPAN), open(NOW + ahead, ONE));
        Allocation allocation = allocation(counter, ONE_A_MINUTE);
        long slot = NOW + Math.max(0, ahead);

        assertThat(allocation.allot(interactive(ONE, maxWait))).isEqualTo(slot(slot));

        assertThat(slots(allocation.next())).endsWith(slot);
        assertThat(allocation.next().line().places()).containsExactly(new Place(slot, ONE, true));
        assertThat(allocation.isChanged()).isTrue();
        assertThat(allocation.promises()).isEqualTo(new Promises(0, 1, 0, 0));
    }

    @Test
    void aSlotThatIsSoonerThanThePlaceIsTaken() {
        Counter counter = counter(THREE_A_MINUTE, List.of(NOW), open(NOW + 1_000, OTHER), open(NOW + 50_000, ONE));
        Allocation allocation = allocation(counter, THREE_A_MINUTE);

        assertThat(allocation.allot(interactive(ONE, 0))).isEqualTo(slot(NOW));

        assertThat(allocation.next().line().places())
                .containsExactly(new Place(NOW, ONE, true), open(NOW + 1_000, OTHER));
        assertThat(allocation.promises().kept()).isEqualTo(1);
    }

    /** Its call is under way. Else the question would be asked twice. */
    @Test
    void whoFindsThePlaceClaimedIsToldToComeSoon() {
        Counter counter = counter(ONE_A_MINUTE, List.of(NOW - 500), new Place(NOW - 500, ONE, true));
        Allocation allocation = allocation(counter, ONE_A_MINUTE);

        assertThat(allocation.allot(interactive(ONE, 0))).isEqualTo(new NoSlot(NOW + 1_000, Cause.CLAIMED));

        assertThat(allocation.isChanged()).isFalse();
        assertThat(allocation.promises()).isEqualTo(Promises.NONE);
    }

    @Test
    void whoFindsThePlaceClaimedGetsASlotAllTheSameIfThereIsOne() {
        Place claimed = new Place(NOW - 500, ONE, true);
        Allocation allocation = allocation(counter(THREE_A_MINUTE, List.of(NOW - 500), claimed), THREE_A_MINUTE);

        assertThat(allocation.allot(interactive(ONE, 0))).isEqualTo(slot(NOW));

        assertThat(allocation.next().line().places()).containsExactly(claimed);
        assertThat(allocation.promises().kept()).isZero();
    }

    /** It is its own claim that it finds, and nobody else's answer is on the way. */
    @Test
    void whoClaimedAPermitThatCameTooLateGetsAnotherPlace() {
        Counter counter = counter(ONE_A_MINUTE, List.of(NOW - 2_000), new Place(NOW - 2_000, ONE, true));
        Allocation allocation = allocation(counter, ONE_A_MINUTE);

        assertThat(allocation.allot(again(ONE))).isEqualTo(denied(NOW + 60_000));

        assertThat(allocation.next().line().places()).containsExactly(open(NOW + 60_000, ONE));
        assertThat(allocation.isChanged()).isTrue();
        assertThat(allocation.promises()).isEqualTo(new Promises(1, 0, 0, 0));
    }

    @Test
    void whoClaimedAPermitThatCameTooLateIsInLineIfItIsThereAlready() {
        Counter counter = counter(ONE_A_MINUTE, List.of(NOW - 2_000), open(NOW + 60_000, ONE));
        Allocation allocation = allocation(counter, ONE_A_MINUTE);

        assertThat(allocation.allot(again(ONE))).isEqualTo(denied(NOW + 60_000));
        assertThat(allocation.isChanged()).isFalse();
    }

    private static Request again(QuestionKey question) {
        return new Request(question, Priority.INTERACTIVE, 0, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INTERACTIVE", "BACKLOG"})
    void nobodyTakesWhatIsPromisedToSomebodyElse(Priority priority) {
        Counter counter = counter(ONE_A_MINUTE, List.of(), open(NOW + 5_000, OTHER));
        long free = NOW + 5_000 + Place.LIFE + SPAN;

        assertThat(allocation(counter, ONE_A_MINUTE).allot(new Request(ONE, priority, free - NOW - 1)))
                .isInstanceOf(NoSlot.class);
        assertThat(allocation(counter, ONE_A_MINUTE).allot(new Request(ONE, priority, free - NOW)))
                .isEqualTo(slot(free));
    }

    @Test
    void newcomersAreInLineOneBehindTheOther() {
        Allocation allocation = allocation(counter(THREE_A_MINUTE, List.of(NOW, NOW, NOW + 1_000)), THREE_A_MINUTE);

        assertThat(allocation.allot(interactive(ONE, 0))).isEqualTo(denied(NOW + SPAN));
        assertThat(allocation.allot(interactive(OTHER, 0))).isEqualTo(denied(NOW + SPAN));
        assertThat(allocation.allot(interactive(THIRD, 0))).isEqualTo(denied(NOW + SPAN + 1_000));

        assertThat(allocation.next().line().places())
                .containsExactly(open(NOW + SPAN, ONE), open(NOW + SPAN, OTHER), open(NOW + SPAN + 1_000, THIRD));
        assertThat(allocation.promises()).isEqualTo(new Promises(3, 0, 0, 0));
    }

    @Test
    void countsWhatBecameOfPlaces() {
        Counter counter = counter(
                THREE_A_MINUTE,
                List.of(NOW - 61_000, NOW - 61_000),
                open(NOW - Place.LIFE - 1, new QuestionKey(8)),
                new Place(NOW - Place.LIFE - 1, new QuestionKey(9), true),
                open(NOW - 10, OTHER));
        Allocation allocation = allocation(counter, THREE_A_MINUTE);

        assertThat(allocation.allot(interactive(OTHER, 0))).isEqualTo(slot(NOW));
        assertThat(allocation.allot(interactive(ONE, 0))).isEqualTo(denied(NOW + 1_000));
        assertThat(allocation.allot(interactive(THIRD, 0))).isEqualTo(denied(NOW + 1_000));

        assertThat(allocation.promises()).isEqualTo(new Promises(2, 1, 1, 0));
    }

    /** A read that finds a place lapsed would cost a write. */
    @Test
    void placesThatLapsedAreFreeForOthersAndNotWrittenForTheirOwnSake() {
        List<Long> spent = List.of(NOW - 1_000, NOW - 1_000, NOW - 1_000);
        Counter counter = counter(THREE_A_MINUTE, spent, open(NOW - Place.LIFE - 1, OTHER), open(NOW + 61_000, ONE));
        Allocation allocation = allocation(counter, THREE_A_MINUTE);

        assertThat(allocation.allot(interactive(ONE, 0))).isEqualTo(denied(NOW + 61_000));
        assertThat(allocation.isChanged()).isFalse();
        assertThat(allocation.next().line().places()).containsExactly(open(NOW + 61_000, ONE));

        assertThat(allocation.allot(interactive(OTHER, 0))).isEqualTo(denied(NOW + 61_000));
        assertThat(allocation.isChanged()).isTrue();
        assertThat(allocation.promises()).isEqualTo(new Promises(1, 0, 1, 0));
    }

    @ParameterizedTest(name = "{0} of the range is drawn")
    @ValueSource(longs = {0, SPAN / 4 - 1})
    void whoFindsTheLineFullIsToldATimeWithinAQuarterOfTheLongestWindowBehindIt(long drawn) {
        Counter counter = counter(ONE_A_MINUTE, List.of(NOW), open(NOW + SPAN, OTHER));
        Allocation allocation =
                new Allocation(counter, ONE_A_MINUTE, ONE_A_MINUTE, exactly(NOW), drawing(SPAN / 4, drawn));

        assertThat(allocation.allot(interactive(ONE, 0))).isEqualTo(denied(NOW + SPAN + Place.LIFE + SPAN + drawn));

        assertThat(allocation.isChanged()).isFalse();
        assertThat(allocation.next()).isEqualTo(counter);
        assertThat(allocation.promises()).isEqualTo(Promises.NONE);
    }

    @Test
    void aSlotOfTheBacklogWithinTheWaitIsChargedToIt() {
        QuotaPolicy policy = TWO_A_MINUTE_AND_ONE_FOR_THE_BACKLOG;
        Counter counter = counter(policy, List.of(NOW - 1_000));
        Allocation allocation = allocation(counter, policy);

        assertThat(allocation.allot(backlog(61_000))).isEqualTo(slot(NOW + 61_000));

        assertThat(slots(allocation.next())).containsExactly(NOW - 1_000, NOW + 61_000);
        assertThat(allocation.next().log().priority(1)).isEqualTo(Priority.BACKLOG);
        assertThat(allocation.next().pacedUntil()).isEqualTo(NOW + 61_000 + SPAN);
        assertThat(allocation.isChanged()).isTrue();
    }

    @Test
    void requestsOfTheBacklogAreToldTurnsAtTheEvenPaceAndGetNoPlace() {
        QuotaPolicy policy = TWO_A_MINUTE_AND_ONE_FOR_THE_BACKLOG;
        Allocation allocation = allocation(counter(policy, List.of(NOW - 1_000)), policy);

        assertThat(allocation.allot(backlog(60_999))).isEqualTo(denied(NOW + 61_000));
        assertThat(allocation.isChanged()).isTrue();
        assertThat(allocation.allot(backlog(0))).isEqualTo(denied(NOW + 61_000 + SPAN));
        assertThat(allocation.allot(backlog(0))).isEqualTo(denied(NOW + 61_000 + 2 * SPAN));

        assertThat(allocation.next().deferredUntil()).isEqualTo(NOW + 61_000 + 3 * SPAN);
        assertThat(allocation.next().line()).isEqualTo(Line.EMPTY);
        assertThat(allocation.promises()).isEqualTo(Promises.NONE);
    }

    @Test
    void theLastTurnIsFiveMinutesAfterTheFirst() {
        long last = NOW + 61_000 + QuotaPolicy.BACKLOG_HORIZON.toMillis();
        Allocation allocation = allocation(deferredUntil(last), TWO_A_MINUTE_AND_ONE_FOR_THE_BACKLOG);

        assertThat(allocation.allot(backlog(0))).isEqualTo(denied(last));
        assertThat(allocation.next().deferredUntil()).isEqualTo(last + SPAN);
    }

    @ParameterizedTest(name = "{0} of the range is drawn")
    @ValueSource(longs = {0, 299_999})
    void whoFindsAllTurnsGivenOutIsToldATimeInTheFiveMinutesAfterThem(long drawn) {
        long last = NOW + 61_000 + QuotaPolicy.BACKLOG_HORIZON.toMillis();
        Counter counter = deferredUntil(last + 1);
        QuotaPolicy policy = TWO_A_MINUTE_AND_ONE_FOR_THE_BACKLOG;
        Allocation allocation = new Allocation(counter, policy, policy, exactly(NOW), drawing(300_000, drawn));

        assertThat(allocation.allot(backlog(0))).isEqualTo(denied(last + drawn));

        assertThat(allocation.isChanged()).isFalse();
        assertThat(allocation.next()).isEqualTo(counter);
    }

    private static Random drawing(long expected, long drawn) {
        return new Random() {
            @Override
            public long nextLong(long bound) {
                assertThat(bound).isEqualTo(expected);
                return drawn;
            }
        };
    }

    private static Counter deferredUntil(long time) {
        QuotaPolicy policy = TWO_A_MINUTE_AND_ONE_FOR_THE_BACKLOG;
        PermitLog log = PermitLog.EMPTY.with(NOW - 1_000, Priority.INTERACTIVE);
        return new Counter(1, log, Line.EMPTY, Pause.NONE, 0, time, List.of(), Map.of(policy, NOW));
    }

    @Test
    void tellsThePauseAsTheCauseWhileItLasts() {
        long end = NOW + 100_000;
        QuotaPolicy policy = TWO_A_MINUTE_AND_ONE_FOR_THE_BACKLOG;
        Counter counter = counter(policy, List.of()).paused(new Pause(end, Cause.RECOVERING), policy);

        assertThat(allocation(counter, policy).allot(interactive(ONE, 0))).isEqualTo(new NoSlot(end, Cause.RECOVERING));
        assertThat(((NoSlot) allocation(counter, policy).allot(backlog(0))).cause())
                .isEqualTo(Cause.RECOVERING);
    }

    /** The strict policy expires ten minutes after its last write. The place is as good as its time, and may be claimed sooner then. */
    @Test
    void whoIsDeniedUnderStrangersLimitsIsToldToComeWhenTheyExpire() {
        QuotaPolicy strict = new QuotaPolicy(List.of(new Quota(1, ofHours(1), 0)), ofSeconds(2));
        Counter counter = counter(strict, List.of(NOW - 1_000));
        QuotaPolicy binding = counter.binding(THREE_A_MINUTE, exactly(NOW));
        Allocation allocation = new Allocation(counter, THREE_A_MINUTE, binding, exactly(NOW), random);

        assertThat(allocation.allot(interactive(ONE, 0))).isEqualTo(denied(NOW + 600_000));
        assertThat(allocation.allot(interactive(ONE, 0))).isEqualTo(denied(NOW + 600_000));
        assertThat(allocation.allot(backlog(0))).isEqualTo(denied(NOW + 600_000));

        assertThat(allocation.next().line().places()).containsExactly(open(NOW + 3_601_000, ONE));
    }

    @Test
    void stricterSettingsMovePlacesAndThatIsWritten() {
        Counter counter = counter(THREE_A_MINUTE, List.of(), open(NOW + 1_000, ONE), open(NOW + 2_000, OTHER));
        QuotaPolicy strict =
                new QuotaPolicy(List.of(new Quota(1, ofMinutes(1), 0), new Quota(10, ofHours(1), 0)), ofSeconds(2));
        Allocation allocation =
                new Allocation(counter, strict, counter.binding(strict, exactly(NOW)), exactly(NOW), random);

        assertThat(allocation.isChanged()).isTrue();
        assertThat(allocation.next().line().places())
                .containsExactly(open(NOW + 1_000, ONE), open(NOW + 1_000 + Place.LIFE + SPAN, OTHER));
        assertThat(allocation.promises()).isEqualTo(new Promises(0, 0, 0, 1));
    }

    @Test
    void settingsThatAreNotStricterMoveNothing() {
        Counter counter = counter(ONE_A_MINUTE, List.of(), open(NOW + 1_000, ONE));
        Allocation allocation = new Allocation(
                counter, THREE_A_MINUTE, counter.binding(THREE_A_MINUTE, exactly(NOW)), exactly(NOW), random);

        assertThat(allocation.isChanged()).isFalse();
        assertThat(allocation.promises()).isEqualTo(Promises.NONE);
    }

    /** All that made these places did so under this policy, too. To lay them out anew would break promises for nothing. */
    @Test
    void placesUnderKnownSettingsStayAsTheyAre() {
        Counter counter = counter(ONE_A_MINUTE, List.of(), open(NOW + 1_000, ONE), open(NOW + 2_000, OTHER));
        Allocation allocation = allocation(counter, ONE_A_MINUTE);

        assertThat(allocation.isChanged()).isFalse();
        assertThat(allocation.next()).isEqualTo(counter);
    }

    private Allocation allocation(Counter counter, QuotaPolicy policy) {
        return new Allocation(counter, policy, policy, exactly(NOW), random);
    }

    private static Counter counter(QuotaPolicy policy, List<Long> permits, Place... places) {
        PermitLog log = PermitLog.EMPTY;
        for (long slot : permits) {
            log = log.with(slot, Priority.INTERACTIVE);
        }
        return new Counter(1, log, new Line(List.of(places)), Pause.NONE, 0, 0, List.of(), Map.of(policy, NOW));
    }

    private static List<Long> slots(Counter counter) {
        return IntStream.range(0, counter.log().size())
                .mapToObj(counter.log()::slot)
                .toList();
    }

    private static Request interactive(QuestionKey question, long maxWait) {
        return new Request(question, Priority.INTERACTIVE, maxWait);
    }

    private static Request backlog(long maxWait) {
        return new Request(Newcomer.question(), Priority.BACKLOG, maxWait);
    }

    private static Outcome slot(long time) {
        return new Slot(time, time);
    }

    private static Outcome denied(long until) {
        return new NoSlot(until, Cause.QUOTA);
    }

    private static Place open(long slot, QuestionKey question) {
        return new Place(slot, question, false);
    }

    private static TimeBounds exactly(long time) {
        return new TimeBounds(time, time);
    }

    private static QuotaPolicy perMinute(int permits, int reserve) {
        return new QuotaPolicy(List.of(new Quota(permits, ofMinutes(1), reserve)), ofSeconds(2));
    }
}
