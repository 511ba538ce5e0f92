package dev.alertuser.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StorageClockTest {
    private final VirtualTime time = new VirtualTime();
    private final StorageClock clock = new StorageClock(time::nanoTime);

    @Test
    void knowsNothingBeforeTheFirstAnswer() {
        assertThatThrownBy(clock::now).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void oneAnswerTellsTheSecond() {
        answer(10, 10);

        assertThat(clock.now().width()).isBetween(1_020L, 1_070L);
        assertTruthIsInside();
    }

    @Test
    void answersAroundTheTurnOfASecondTellItWithinAFewTensOfMilliseconds() {
        answer(5, 5);
        for (int i = 0; i < 6; i++) {
            time.sleep(clock.untilNarrowable());
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
    void saysThatAnAnswerContradictsWhatItKnewAndBelievesTheAnswer() {
        answer(5, 5);
        long sent = time.nanoTime();
        time.sleep(10);

        assertThat(clock.observe(sent, time.nanoTime(), Instant.ofEpochSecond(time.millis() / 1000 + 3600)))
                .isFalse();
        assertThat(clock.now().early()).isGreaterThan(time.millis() + 3_590_000);
    }

    @Test
    void knowsLessAsTimePasses() {
        answer(5, 5);
        long width = clock.now().width();

        time.sleep(3_600_000);

        assertThat(clock.now().width()).isBetween(width + 350, width + 370);
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
}
