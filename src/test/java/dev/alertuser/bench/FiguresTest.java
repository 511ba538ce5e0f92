package dev.alertuser.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.alertuser.bench.Fleet.Share;
import dev.alertuser.bench.Load.Use;
import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void areOfAllInstances() {
        Figures figures = Figures.of(List.of(
                new Share(List.of(new Use(0, 10), new Use(1000, 20), new Use(1999, 30)), List.of(), 4, 6, 1),
                new Share(List.of(new Use(2000, 40)), List.of(), 2, 2, 1)));

        assertThat(figures.permits()).isEqualTo(4);
        assertThat(figures.most()).containsExactly(3, 4);
        assertThat(figures.preparation()).isEqualTo(3);
        assertThat(figures.operationsPerPermit()).isEqualTo(2);
        assertThat(figures.conflictsPerPermit()).isEqualTo(0.5);
        assertThat(figures.fairness()).isCloseTo(0.8, within(1e-9));
    }

    @Test
    void waitsAreAlsoThoseOfRefusedCallers() {
        Figures figures = Figures.of(List.of(new Share(List.of(new Use(0, 10)), List.of(3000L, 5000L), 0, 1, 0)));

        assertThat(figures.refused()).isEqualTo(2);
        assertThat(figures.waitMedianMillis()).isEqualTo(3000);
        assertThat(figures.waitP99Millis()).isEqualTo(5000);
    }

    @Test
    void halfAMinuteCanBeLessFairThanAll() {
        Share first = new Share(List.of(new Use(0, 1), new Use(10_000, 1), new Use(70_000, 1)), List.of(), 0, 1, 0);
        Share second =
                new Share(List.of(new Use(1_000, 1), new Use(60_000, 1), new Use(61_000, 1)), List.of(), 0, 1, 0);

        Figures figures = Figures.of(List.of(first, second));

        assertThat(figures.fairness()).isEqualTo(1);
        assertThat(figures.fairnessOfHalfMinute()).isEqualTo(0.5);
    }
}
