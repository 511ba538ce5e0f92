package dev.alertuser.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatheringTest {
    private final VirtualTime time = new VirtualTime();

    @ParameterizedTest(name = "with {0} ms to spare: {1} to {2} ms")
    @CsvSource({
        "8_000, 2_000, 4_000",
        "10_000, 2_500, 5_000",
        "90_000, 2_500, 5_000",
        "4, 1, 2",
        "3, 0, 0",
        "0, 0, 0",
        "-1_000, 0, 0"
    })
    void takesAQuarterToAHalfOfTheTimeToSpare(long spare, long least, long most) {
        assertThat(gathering(0).join(spare)).isEqualTo(least);
        assertThat(gathering(-1).join(spare)).isEqualTo(most);
    }

    @Test
    void whoComesLaterWaitsForTheEndOfTheSameGathering() throws Exception {
        Gathering gathering = gathering(-1);
        assertThat(gathering.join(8_000)).isEqualTo(4_000);
        time.sleep(1_500);

        assertThat(gathering.join(90_000)).isEqualTo(2_500);
        assertThat(gathering.join(5_000)).isEqualTo(2_500);
    }

    @Test
    void whoHasNotTwiceAsMuchTimeDoesNotWaitForOthers() {
        Gathering gathering = gathering(0);
        assertThat(gathering.join(8_000)).isEqualTo(2_000);

        assertThat(gathering.join(4_000)).isEqualTo(2_000);
        assertThat(gathering.join(3_999)).isZero();
        assertThat(gathering.join(0)).isZero();
    }

    @Test
    void theNextOneBeginsAfterTheLastHasEnded() throws Exception {
        Gathering gathering = gathering(0);
        gathering.join(8_000);
        time.sleep(1_999);
        assertThat(gathering.join(8_000)).isEqualTo(1);

        time.sleep(1);

        assertThat(gathering.join(4_000)).isEqualTo(1_000);
        assertThat(gathering.join(8_000)).isEqualTo(1_000);
    }

    /** The next one's end is a time of its own, however long nobody gathered. */
    @Test
    void aPauseBetweenTwoGatheringsShortensNeither() throws Exception {
        Gathering gathering = gathering(0);
        gathering.join(8_000);
        time.sleep(3_600_000);

        assertThat(gathering.join(8_000)).isEqualTo(2_000);
        assertThat(gathering.join(8_000)).isEqualTo(2_000);
    }

    /** @param draw 0: the least that may be drawn; -1: the most */
    private Gathering gathering(long draw) {
        RandomGenerator random = new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new AssertionError("draws within bounds only");
            }

            @Override
            public long nextLong(long bound) {
                return draw < 0 ? bound - 1 : draw;
            }
        };
        return new Gathering(time::nanoTime, random);
    }
}
