package dev.alertuser.ratelimit.counter;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.ratelimit.VirtualTime;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.RateLimiter.Cause;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CounterTest {
    private static final long START = VirtualTime.START_MILLIS;

    /** The clock after a single answer. */
    private static final TimeBounds ROUGHLY = new TimeBounds(START, START + 1_050);

    private static final TimeBounds EXACTLY = new TimeBounds(START + 20, START + 30);

    @Test
    void stampsWithTheLateEndOfAClockThatIsNarrow() {
        assertThat(Counter.EMPTY.earliest(perMinute(100), Priority.INTERACTIVE, EXACTLY))
                .isEqualTo(START + 30);
    }

    /** A call may leave at the early end, so a stamp at the late end of a wide clock would let others in between. */
    @Test
    void stampsNoLaterThanTheMarginHasRoomForWhileTheTimeIsKnownRoughly() {
        assertThat(Counter.EMPTY.earliest(perMinute(100), Priority.INTERACTIVE, ROUGHLY))
                .isEqualTo(START + 100);
    }

    /** Each must wait for the slot of its own predecessor, not all of them for that of the first. */
    @Test
    void twoPermitsOfOneWriteWaitForTwoSlots() {
        QuotaPolicy policy = perMinute(2);
        Counter counter = Counter.EMPTY
                .with(policy, Priority.INTERACTIVE, START - 61_900, EXACTLY)
                .with(policy, Priority.INTERACTIVE, START - 61_000, EXACTLY);

        long first = counter.earliest(policy, Priority.INTERACTIVE, ROUGHLY);
        long second = counter.with(policy, Priority.INTERACTIVE, first, ROUGHLY)
                .earliest(policy, Priority.INTERACTIVE, ROUGHLY);

        assertThat(first).isEqualTo(START + 100);
        assertThat(second).isEqualTo(START + 1_000);
    }

    @Test
    void keepsTheSlotThatAnInstanceReservedWhoseClockIsAhead() {
        QuotaPolicy policy = new QuotaPolicy(List.of(new Quota(1, Duration.ofMillis(57_400), 0)), ofSeconds(2));
        Counter counter = Counter.EMPTY;
        for (int i = 0; i < 3; i++) {
            counter = counter.with(
                    policy, Priority.INTERACTIVE, counter.earliest(policy, Priority.INTERACTIVE, ROUGHLY), ROUGHLY);
        }
        long last = counter.log().slot(2);
        assertThat(last).isLessThan(ROUGHLY.late() + QuotaPolicy.HORIZON.toMillis());

        Counter written = counter.committed(UUID.randomUUID(), policy, EXACTLY);

        assertThat(written.log().slot(2)).isEqualTo(last);
    }

    @Test
    void capsASlotThatOnlyABrokenClockCanHaveWritten() {
        QuotaPolicy policy = perMinute(1);
        Counter written = Counter.EMPTY
                .with(policy, Priority.INTERACTIVE, START + 3_600_000, EXACTLY)
                .committed(UUID.randomUUID(), policy, EXACTLY);

        assertThat(written.log().slot(0)).isLessThan(START + 140_000);
    }

    private static QuotaPolicy perMinute(int permits) {
        return new QuotaPolicy(List.of(new Quota(permits, ofMinutes(1), 0)), ofSeconds(2));
    }

    @Test
    void aPolicyBindsForTenMinutesAfterItsLastWrite() {
        Counter counter = Counter.EMPTY.committed(UUID.randomUUID(), perMinute(10), exactly(START));

        assertThat(counter.binding(perMinute(100), exactly(START + 599_999))).isEqualTo(perMinute(10));
        assertThat(counter.binding(perMinute(100), exactly(START + 600_000))).isEqualTo(perMinute(100));
        assertThat(policiesAfter(counter, START + 599_999)).containsExactlyInAnyOrder(perMinute(10), perMinute(100));
        assertThat(policiesAfter(counter, START + 600_000)).containsExactly(perMinute(100));
    }

    private static Set<QuotaPolicy> policiesAfter(Counter counter, long time) {
        return counter.committed(UUID.randomUUID(), perMinute(100), exactly(time))
                .policies()
                .keySet();
    }

    @Test
    void keepsThePoliciesOfTheLastFourWriters() {
        Counter counter = Counter.EMPTY;
        for (int permits = 1; permits <= 5; permits++) {
            counter = counter.committed(UUID.randomUUID(), perMinute(permits), EXACTLY);
        }

        assertThat(counter.policies().keySet()).containsExactly(perMinute(5), perMinute(4), perMinute(3), perMinute(2));
    }

    /** The one has expired, the other goes on to bind: the expired one's end is no reason to ask again. */
    @Test
    void aDenialEndsWhenTheLimitsExpireThatStillBind() {
        QuotaPolicy own = perMinute(100);
        Counter counter = new Counter(
                2,
                PermitLog.EMPTY.with(START, Priority.INTERACTIVE),
                Line.EMPTY,
                Pause.NONE,
                0,
                0,
                List.of(),
                Map.of(perMinute(50), START - 600_000, perHour(1), START - 300_000));

        assertThat(counter.retryAt(own, Priority.INTERACTIVE, START + 3_602_000, exactly(START + 10)))
                .isEqualTo(START + 300_000);
    }

    @Test
    void versionsAreComparedAcrossTheirOverflow() {
        Counter last = Counter.EMPTY.at(Long.MAX_VALUE);
        Counter next = last.committed(UUID.randomUUID(), perMinute(1), EXACTLY);

        assertThat(next.isOlderThan(last.version())).isFalse();
        assertThat(last.isOlderThan(next.version())).isTrue();
        assertThat(last.isOlderThan(last.version())).isFalse();
    }

    /** A clock may be 10 s ahead; its instance met a pause as long as the longest window, and the backlog has its first permit after it. */
    @Test
    void thePaceAfterTheLongestPauseIsPlausible() {
        QuotaPolicy policy = perHour(1500);
        TimeBounds ahead = exactly(START + 10_000);
        Counter paused = Counter.EMPTY.paused(new Pause(ahead.late() + policy.longestSpan(), Cause.THROTTLED), policy);
        Counter counter = paused.with(
                policy, Priority.BACKLOG, paused.earliest(policy, Priority.BACKLOG, exactly(START)), exactly(START));

        assertThat(counter.plausible(policy, exactly(START)).pacedUntil()).isEqualTo(counter.pacedUntil());
    }

    @Test
    void afterALostRowTheBacklogStartsAtItsPaceWithoutABurst() {
        QuotaPolicy policy = new QuotaPolicy(
                List.of(new Quota(100, ofMinutes(1), 40), new Quota(1500, Duration.ofHours(1), 70)), ofSeconds(2));
        // Without the hour's log, which delays the backlog as well.
        Counter counter = Counter.assumedUsed(policy, exactly(START), 7);
        counter = new Counter(
                7, PermitLog.EMPTY, Line.EMPTY, counter.pause(), counter.pacedUntil(), 0, List.of(), Map.of());

        for (int i = 0; i < 30; i++) {
            long slot = counter.earliest(policy, Priority.BACKLOG, exactly(START));
            assertThat(slot).isEqualTo(START + 62_000 + i * policy.pacingInterval());
            counter = counter.with(policy, Priority.BACKLOG, slot, exactly(START));
        }
    }

    private static TimeBounds exactly(long time) {
        return new TimeBounds(time, time);
    }

    private static QuotaPolicy perHour(int permits) {
        return new QuotaPolicy(List.of(new Quota(permits, Duration.ofHours(1), 0)), ofSeconds(2));
    }
}
