package dev.alertuser.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.ratelimit.counter.Counter;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LastSeenTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private Instant now = NOON;
    private final LastSeen lastSeen = new LastSeen(() -> now);

    @Test
    void isNotSeenBeforeTheFirstAnswer() {
        assertThat(lastSeen.counter()).isEmpty();
        assertThat(lastSeen.isSince(Instant.MIN)).isFalse();
    }

    @Test
    void wasSeenWhenItsRequestWasSent() {
        lastSeen.saw(Counter.EMPTY, NOON);
        now = NOON.plusSeconds(5);

        assertThat(lastSeen.counter()).contains(Counter.EMPTY);
        assertThat(lastSeen.isSince(NOON)).isTrue();
        assertThat(lastSeen.isSince(NOON.plusMillis(1))).isFalse();
    }

    @Test
    void isNotTrustedAfterTheWallClockWasSetBack() {
        lastSeen.saw(Counter.EMPTY, NOON);

        assertThat(lastSeen.isSince(NOON)).isTrue();
        now = NOON.minusMillis(1);
        assertThat(lastSeen.isSince(NOON.minusSeconds(60))).isFalse();
    }
}
