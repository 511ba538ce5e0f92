package dev.alertuser.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.ratelimit.GroupCommit.NoSlot;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.RateLimiter.Cause;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DenialsTest {
    private static final long UNTIL = 1_000_000;
    private static final NoSlot DENIED = new NoSlot(UNTIL, Cause.QUOTA);

    private final Denials denials = new Denials(new Random(1));

    @Test
    void keepsTheLastOfEachPriority() {
        assertThat(denials.last(Priority.INTERACTIVE)).isNull();
        denials.add(Priority.INTERACTIVE, DENIED);
        denials.add(Priority.INTERACTIVE, new NoSlot(UNTIL + 1, Cause.THROTTLED));

        assertThat(denials.last(Priority.INTERACTIVE)).isEqualTo(new NoSlot(UNTIL + 1, Cause.THROTTLED));
        assertThat(denials.last(Priority.BACKLOG)).isNull();
    }

    /** The longest of many is close to the bound of the backoff. */
    @Test
    void prolongsThatOfTheBacklogByUpToFiveSecondsAndTwiceAsMuchEachTimeUpToTwoMinutes() {
        for (long longest : new long[] {5_000, 10_000, 20_000, 40_000, 80_000, 120_000, 120_000}) {
            assertThat(LongStream.range(0, 300)
                            .map(seed -> afterFailures(seed, longest))
                            .max()
                            .orElseThrow())
                    .isBetween(longest * 9 / 10, longest - 1);
        }
    }

    private static long afterFailures(long seed, long longest) {
        Denials fresh = new Denials(new Random(seed));
        long prolonged = 0;
        for (long backOff = 5_000; ; backOff *= 2) {
            fresh.add(Priority.BACKLOG, DENIED);
            fresh.backlogAsked(true);
            prolonged = Objects.requireNonNull(fresh.last(Priority.BACKLOG)).until() - UNTIL;
            if (backOff >= longest) {
                return prolonged;
            }
        }
    }

    @Test
    void startsAnewOnceThereWasAPermit() {
        for (int i = 0; i < 5; i++) {
            denials.backlogAsked(true);
        }
        denials.backlogAsked(false);
        denials.add(Priority.BACKLOG, DENIED);
        denials.backlogAsked(true);

        assertThat(Objects.requireNonNull(denials.last(Priority.BACKLOG)).until())
                .isBetween(UNTIL, UNTIL + 4_999);
    }

    @Test
    void doesNotProlongThatOfInteractiveCallers() {
        denials.add(Priority.INTERACTIVE, DENIED);
        denials.backlogAsked(true);

        assertThat(denials.last(Priority.INTERACTIVE)).isEqualTo(DENIED);
    }
}
