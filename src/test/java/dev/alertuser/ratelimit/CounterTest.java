package dev.alertuser.ratelimit;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.service.Priority;
import java.util.List;
import org.junit.jupiter.api.Test;

class CounterTest {
    private static final long START = VirtualTime.START_MILLIS;

    /** The clock after a single answer. */
    private static final Interval ROUGHLY = new Interval(START, START + 1_050);

    private static final Interval EXACTLY = new Interval(START + 20, START + 30);

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
        Policy policy = perMinute(2);
        Counter counter = Counter.EMPTY
                .with(policy, Priority.INTERACTIVE, START - 61_900)
                .with(policy, Priority.INTERACTIVE, START - 61_000);

        long first = counter.earliest(policy, Priority.INTERACTIVE, ROUGHLY);
        long second = counter.with(policy, Priority.INTERACTIVE, first).earliest(policy, Priority.INTERACTIVE, ROUGHLY);

        assertThat(first).isEqualTo(START + 100);
        assertThat(second).isEqualTo(START + 1_000);
    }

    private static Policy perMinute(int permits) {
        return new Policy(List.of(new Quota(permits, ofMinutes(1), 0)), ofSeconds(2));
    }
}
