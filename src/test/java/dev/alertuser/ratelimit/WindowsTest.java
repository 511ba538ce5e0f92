package dev.alertuser.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WindowsTest {
    @Test
    void countsTheFullestWindow() {
        assertThat(Windows.mostWithin(List.of(0L, 5L, 90L, 95L, 99L, 300L), 100))
                .isEqualTo(5);
        assertThat(Windows.mostWithin(List.of(0L, 50L, 149L, 150L, 160L), 100)).isEqualTo(3);
        assertThat(Windows.mostWithin(List.of(7L, 7L, 7L), 1)).isEqualTo(3);
    }

    @Test
    void twoThatAreAWindowApartAreNotInOne() {
        assertThat(Windows.mostWithin(List.of(0L, 100L), 100)).isEqualTo(1);
        assertThat(Windows.mostWithin(List.of(0L, 100L), 101)).isEqualTo(2);
    }

    @Test
    void nothingIsInNoWindow() {
        assertThat(Windows.mostWithin(List.of(), 100)).isZero();
    }
}
