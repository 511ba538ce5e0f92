package dev.alertuser.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineTest {
    private long now;

    @ParameterizedTest(name = "{0} later: {1} left, over: {2}")
    @CsvSource({
        "PT0S, PT10S, false",
        "PT3S, PT7S, false",
        "PT10S, PT0S, false",
        "PT10.000000001S, PT0S, true",
        "PT1H, PT0S, true",
    })
    void tellsTheTimeLeftAndWhetherItIsOver(Duration later, Duration left, boolean over) {
        now = 1_000_000_000_000L;
        Deadline deadline = Deadline.in(Duration.ofSeconds(10), () -> now);

        now += later.toNanos();

        assertThat(deadline.left()).isEqualTo(left);
        assertThat(deadline.isOver()).isEqualTo(over);
    }

    /** The monotonic clock may start anywhere, and pass the largest number. */
    @ParameterizedTest
    @ValueSource(longs = {-5_000_000_000L, Long.MAX_VALUE - 5_000_000_000L})
    void isRightWhereverTheClockStarts(long start) {
        now = start;
        Deadline deadline = Deadline.in(Duration.ofSeconds(10), () -> now);

        now += Duration.ofSeconds(6).toNanos();
        assertThat(deadline.left()).isEqualTo(Duration.ofSeconds(4));
        now += Duration.ofSeconds(5).toNanos();
        assertThat(deadline.isOver()).isTrue();
    }
}
