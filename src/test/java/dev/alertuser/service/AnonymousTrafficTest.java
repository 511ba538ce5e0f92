package dev.alertuser.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnonymousTrafficTest {
    private long now = -1;
    private final AnonymousTraffic traffic = new AnonymousTraffic(() -> now, Duration.ZERO);

    @Test
    void twentyReadsPassAtATimeAndNoMore() throws Exception {
        assertThat(readWithin(19)).contains("read");
        assertThat(readWithin(20)).isEmpty();
        assertThat(readWithin(0)).as("once the others are over").contains("read");
    }

    @Test
    void aReadThatFailsMakesRoomForOthers() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> traffic.read(() -> {
                        throw new IllegalStateException("down");
                    }))
                    .hasMessage("down");
        }

        assertThat(readWithin(0)).contains("read");
    }

    @Test
    void callsAreCountedUntilTheyAreTaken() {
        traffic.count();
        traffic.count();

        assertThat(traffic.takeCalls()).isEqualTo(2);
        assertThat(traffic.takeCalls()).isZero();
    }

    @Test
    void oneWarningPassesInAMinute() {
        assertThat(traffic.mayWarn()).isTrue();
        assertThat(traffic.mayWarn()).isFalse();

        now += Duration.ofMinutes(1).toNanos() - 1;
        assertThat(traffic.mayWarn()).isFalse();
        now++;
        assertThat(traffic.mayWarn()).isTrue();
        assertThat(traffic.mayWarn()).isFalse();
    }

    /** Reads while so many other reads are under way. */
    private Optional<String> readWithin(int others) throws InterruptedException {
        if (others == 0) {
            return traffic.read(() -> "read");
        }
        return traffic.read(() -> {
                    try {
                        return readWithin(others - 1);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .orElseThrow();
    }
}
