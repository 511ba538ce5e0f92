package dev.alertuser.ratelimit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alertuser.ratelimit.VirtualTime;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorageClockTest {
    private final VirtualTime time = new VirtualTime();
    private final StorageClock clock = new StorageClock(time::nanoTime);

    @Test
    void knowsNothingBeforeTheFirstAnswer() {
        assertThatThrownBy(clock::now).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void oneAnswerBoundsTheTimeToASecond() {
        answer(10, 10);

        assertThat(clock.now().width()).isBetween(1_020L, 1_070L);
        assertTruthIsInside();
    }

    @Test
    void answersAroundTheTurnOfASecondBoundItToAFewTensOfMilliseconds() {
        answer(5, 5);
        for (int i = 0; i < 6; i++) {
            time.sleep(untilTheTurnOfASecond());
            answer(5, 5);
        }

        assertThat(clock.now().width()).isLessThan(80);
        assertTruthIsInside();
    }

    @Property
    void theTruthStaysInsideWhateverTheNetworkDoes(
            @ForAll @Size(max = 60) List<@IntRange(max = 4_000) Integer> pauses,
            @ForAll @Size(min = 60, max = 60) List<@IntRange(max = 900) Integer> delays) {
        VirtualTime mine = new VirtualTime();
        StorageClock tested = new StorageClock(mine::nanoTime);
        for (int i = 0; i < pauses.size(); i++) {
            mine.sleep(pauses.get(i));
            long sent = mine.nanoTime();
            mine.sleep(delays.get(i));
            Instant date = Instant.ofEpochSecond(mine.millis() / 1000);
            mine.sleep(delays.get(pauses.size() - 1 - i));
            assertThat(tested.observe(sent, mine.nanoTime(), date)).isTrue();
            assertThat(mine.millis())
                    .isBetween(tested.now().early(), tested.now().late());
        }
    }

    @Test
    void reportsAContradictionAndResetsToTheNewAnswer() {
        answer(5, 5);
        long sent = time.nanoTime();
        time.sleep(10);

        assertThat(clock.observe(sent, time.nanoTime(), Instant.ofEpochSecond(time.millis() / 1000 + 3600)))
                .isFalse();
        assertThat(clock.now().early()).isGreaterThan(time.millis() + 3_590_000);
    }

    @ParameterizedTest(name = "front ends {0} ms apart")
    @CsvSource({"50, 100", "100, 150", "200, 250"})
    void holdsTheTimeOfEachOfSeveralFrontEnds(int skew, int width) {
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            time.sleep(random.nextInt(1_500));
            long sent = time.nanoTime();
            time.sleep(5);
            long frontEnd = i % 2 == 0 ? time.millis() : time.millis() + skew;
            time.sleep(5);
            assertThat(clock.observe(sent, time.nanoTime(), Instant.ofEpochSecond(frontEnd / 1000)))
                    .isTrue();
        }
        assertThat(clock.now().early()).isLessThanOrEqualTo(time.millis());
        assertThat(clock.now().late()).isGreaterThanOrEqualTo(time.millis() + skew - 20);
        assertThat(clock.now().width()).isLessThan(width);
    }

    @Test
    void forgetsAFrontEndThatIsGone() {
        answerAround(900);
        answerAround(0);
        assertThat(clock.now().width()).isGreaterThan(800);
        for (int minutes = 0; minutes < 21; minutes++) {
            time.sleep(60_000 - 20_000);
            answerAround(0);
        }

        assertThat(clock.now().width()).isLessThan(150);
        assertTruthIsInside();
    }

    /** Answers of one front end for 20 s, which narrow the bounds to its clock. */
    private void answerAround(int skew) {
        for (int i = 0; i < 200; i++) {
            time.sleep(95);
            long sent = time.nanoTime();
            time.sleep(5);
            Instant date = Instant.ofEpochSecond((time.millis() + skew) / 1000);
            assertThat(clock.observe(sent, time.nanoTime(), date)).isTrue();
        }
    }

    @Test
    void widensAsTimePasses() {
        answer(5, 5);
        long width = clock.now().width();

        time.sleep(3_600_000);

        assertThat(clock.now().width()).isBetween(width + 350, width + 370);
    }

    private long untilTheTurnOfASecond() {
        long middle = clock.now().early() + clock.now().width() / 2;
        return 1000 - Math.floorMod(middle, 1000L);
    }

    private void answer(long there, long back) {
        long sent = time.nanoTime();
        time.sleep(there);
        Instant date = Instant.ofEpochSecond(time.millis() / 1000);
        time.sleep(back);
        assertThat(clock.observe(sent, time.nanoTime(), date)).isTrue();
    }

    private void assertTruthIsInside() {
        assertThat(time.millis()).isBetween(clock.now().early(), clock.now().late());
    }

    @Test
    void isSetByTheFirstAnswer() {
        assertThat(clock.isSet()).isFalse();
        answer(5, 5);
        assertThat(clock.isSet()).isTrue();
    }

    /** Twice 20 ms of tolerance and 3 s of skew, and what the clocks may have drifted meanwhile, a twenty-thousandth. */
    @ParameterizedTest(name = "a date {0} s later after {1} ns: {2}")
    @CsvSource({"5, 959952003, true", "5, 959952002, false", "0, 4040202010, true", "0, 4040202011, false"})
    void datesThatContradictByMoreThanTheSkewAreNotBelieved(long secondsLater, long nanosLater, boolean agrees) {
        Instant date = Instant.ofEpochSecond(VirtualTime.START_MILLIS / 1000);
        assertThat(clock.observe(0, 0, date)).isTrue();

        assertThat(clock.observe(nanosLater, nanosLater, date.plusSeconds(secondsLater)))
                .isEqualTo(agrees);
    }
}
