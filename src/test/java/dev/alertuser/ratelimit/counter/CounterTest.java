package dev.alertuser.ratelimit.counter;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.ratelimit.VirtualTime;
import dev.alertuser.service.budget.Priority;
import java.time.Duration;
import java.util.List;
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
                .with(policy, Priority.INTERACTIVE, START - 61_900)
                .with(policy, Priority.INTERACTIVE, START - 61_000);

        long first = counter.earliest(policy, Priority.INTERACTIVE, ROUGHLY);
        long second = counter.with(policy, Priority.INTERACTIVE, first).earliest(policy, Priority.INTERACTIVE, ROUGHLY);

        assertThat(first).isEqualTo(START + 100);
        assertThat(second).isEqualTo(START + 1_000);
    }

    @Test
    void keepsTheSlotThatAnInstanceReservedWhoseClockIsAhead() {
        QuotaPolicy policy = new QuotaPolicy(List.of(new Quota(1, Duration.ofMillis(58_400), 0)), ofSeconds(2));
        Counter counter = Counter.EMPTY;
        for (int i = 0; i < 3; i++) {
            counter =
                    counter.with(policy, Priority.INTERACTIVE, counter.earliest(policy, Priority.INTERACTIVE, ROUGHLY));
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
                .with(policy, Priority.INTERACTIVE, START + 3_600_000)
                .committed(UUID.randomUUID(), policy, EXACTLY);

        assertThat(written.log().slot(0)).isLessThan(START + 140_000);
    }

    private static QuotaPolicy perMinute(int permits) {
        return new QuotaPolicy(List.of(new Quota(permits, ofMinutes(1), 0)), ofSeconds(2));
    }
}
