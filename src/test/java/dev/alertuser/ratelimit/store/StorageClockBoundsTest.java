package dev.alertuser.ratelimit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.ratelimit.counter.TimeBounds;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The bounds to the millisecond, after answers at chosen times of the monotonic clock. */
class StorageClockBoundsTest {
    /** The storage service's time when the monotonic clock shows 0. */
    private static final Instant ZERO = Instant.parse("2026-01-01T00:00:00Z");

    private static final long SECOND = 1_000;

    private long nanos;
    private final StorageClock clock = new StorageClock(() -> nanos);

    /** The tolerance of 20 ms on either side; the late end is rounded up. */
    @Test
    void anAnswerWithoutATripTellsASecond() {
        answer(0);

        assertBounds(-20, SECOND + 20 + 1);
    }

    @Test
    void aTripIsDoubtOnEitherSide() {
        nanos = millis(10_200);
        clock.observe(millis(9_900), nanos, ZERO.plusSeconds(10));

        assertBounds(-200 - 20, 100 + SECOND + 20 + 1);
    }

    /** A millisecond in twenty seconds. */
    @Test
    void theBoundsWidenOnEitherSideAsClocksDrift() {
        answer(5 * SECOND);
        nanos = millis(25 * SECOND);

        assertBounds(-20 - 1, SECOND + 20 + 1 + 1);
    }

    @Test
    void whatAnOlderAnswerToldIsWidenedByTheDriftSince() {
        answer(0);
        answerThatTellsNothing(200 * SECOND);
        assertBounds(-20 - 10, SECOND + 20 + 10 + 1);

        nanos = millis(220 * SECOND);
        assertBounds(-20 - 10 - 1, SECOND + 20 + 10 + 1 + 1);
    }

    @Test
    void whatAnAnswerToldIsKeptForTenToTwentyMinutes() {
        answer(0);
        answerThatTellsNothing(600 * SECOND);
        assertBounds(-20 - 30, SECOND + 20 + 30 + 1);

        // Ten minutes were not over then, so a generation ends now, and the first answer is in it.
        answerThatTellsNothing(1_200 * SECOND);
        assertBounds(-20 - 60, SECOND + 20 + 60 + 1);

        answerThatTellsNothing(1_300 * SECOND);
        assertBounds(-20 - 65, SECOND + 20 + 65 + 1);

        answerThatTellsNothing(1_802 * SECOND);
        assertThat(clock.now().width()).isGreaterThan(9 * SECOND);
    }

    @Test
    void aContradictionLeavesNothingOfWhatWasKnown() {
        answer(0);
        answerThatTellsNothing(601 * SECOND);
        nanos = millis(700 * SECOND);

        assertThat(clock.observe(nanos, nanos, ZERO.plusSeconds(700 + 3_600))).isFalse();
        assertBounds(3_600 * SECOND - 20, 3_601 * SECOND + 20 + 1);
        assertThat(clock.observe(nanos, nanos, ZERO.plusSeconds(700 + 3_600))).isTrue();
    }

    /** Its generation begins anew, too. */
    @Test
    void aContradictionIsBelievedForTenMinutesAtLeast() {
        answer(0);
        nanos = millis(500 * SECOND);
        clock.observe(nanos, nanos, ZERO.plusSeconds(500 + 3_600));
        nanos = millis(800 * SECOND);
        clock.observe(millis(795 * SECOND), nanos, ZERO.plusSeconds(797 + 3_600));

        nanos = millis(1_300 * SECOND);
        clock.observe(millis(1_295 * SECOND), nanos, ZERO.plusSeconds(1_297 + 3_600));
        assertBounds(3_600 * SECOND - 20 - 40, 3_601 * SECOND + 20 + 40 + 1);
    }

    /** A clock that is a second and 100 ms ahead tells a later time than the other one: both may be right. */
    @Test
    void boundsThatCrossAreBothKept() {
        answer(0);
        clock.observe(0, 0, ZERO.plusSeconds(2));

        // The later one says 2 s at least; the other one 1 s at most.
        assertBounds(SECOND - 20, 2 * SECOND + 20 + 1);
    }

    private void answer(long millis) {
        nanos = millis(millis);
        assertThat(clock.observe(nanos, nanos, ZERO.plusMillis(millis))).isTrue();
    }

    /** It was under way for 10 s. */
    private void answerThatTellsNothing(long millis) {
        nanos = millis(millis);
        assertThat(clock.observe(nanos - millis(10 * SECOND), nanos, ZERO.plusMillis(millis - 5 * SECOND)))
                .isTrue();
    }

    /** @param early milliseconds, beside what the monotonic clock shows */
    private void assertBounds(long early, long late) {
        long now = ZERO.toEpochMilli() + nanos / 1_000_000;
        assertThat(clock.now()).isEqualTo(new TimeBounds(now + early, now + late));
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
