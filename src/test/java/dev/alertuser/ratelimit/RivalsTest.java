package dev.alertuser.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RivalsTest {
    private final VirtualTime time = new VirtualTime();
    private final Rivals rivals = new Rivals(time::nanoTime);

    @Test
    void nothingIsKnownBeforeTheFirstSight() {
        assertThat(rivals.areLikelyIdle()).isFalse();
    }

    /** A row may have been written a million times before. One write a second is assumed. */
    @Test
    void theFirstSightTellsNothingOfOthers() throws Exception {
        rivals.saw(1_000_000);

        assertIdleFor(500);
    }

    @Test
    void ownWritesAreNotTheOthers() throws Exception {
        rivals.saw(10);
        for (int version = 11; version < 50; version++) {
            time.sleep(10_000);
            rivals.wrote(version);
        }
        rivals.saw(49);

        time.sleep(3_600_000);
        assertThat(rivals.areLikelyIdle()).isTrue();
    }

    @Test
    void aWriteAfterWritesOfOthersCountsThoseOnly() throws Exception {
        rivals.saw(10);
        time.sleep(10_000);
        rivals.wrote(26);

        // 15 writes in 10 s, and a half of the one in 1 s that was assumed.
        assertIdleFor(338);
    }

    /** One write a second: it is as likely as not that there was none within half a second, with some reserve. */
    @Test
    void othersAreLikelyIdleForHalfOfTheTimeBetweenTheirWrites() throws Exception {
        rivals.saw(10);
        time.sleep(2_000);
        rivals.saw(12);

        assertIdleFor(500);
    }

    /** Eight writes in ten seconds, half a write of those assumed, then none. Looking at the row again tells more of the others' pause. */
    @ParameterizedTest(name = "after {0} ms: idle for {1} ms")
    @CsvSource({"0, 617", "10_000, 1_794", "20_000, 4_147"})
    void whatWasObservedCountsHalfAfterTenSeconds(long quiet, long idle) throws Exception {
        rivals.saw(0);
        time.sleep(10_000);
        rivals.saw(8);
        for (long left = quiet; left > 0; left -= 10_000) {
            time.sleep(10_000);
            rivals.saw(8);
        }

        assertIdleFor(idle);
    }

    /** The row was replaced by an older copy: nobody has written a negative number of times. */
    @Test
    void anOlderVersionIsNoWrite() throws Exception {
        rivals.saw(10);
        time.sleep(1_000);
        rivals.saw(11);
        time.sleep(1_000);
        rivals.saw(5);

        // As long as if it had not changed: one write in 2 s, and most of the one in 1 s that was assumed.
        assertIdleFor(777);
    }

    private void assertIdleFor(long millis) throws InterruptedException {
        assertThat(rivals.areLikelyIdle()).isTrue();
        time.sleep(millis);
        assertThat(rivals.areLikelyIdle()).isTrue();
        time.sleep(1);
        assertThat(rivals.areLikelyIdle()).isFalse();
    }
}
