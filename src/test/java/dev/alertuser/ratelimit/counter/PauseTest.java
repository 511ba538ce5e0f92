package dev.alertuser.ratelimit.counter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.service.budget.RateLimiter.Cause;
import org.junit.jupiter.api.Test;

class PauseTest {
    private static final Pause RECOVERING = new Pause(100, Cause.RECOVERING);

    @Test
    void theLongerOfTwoHolds() {
        Pause longer = new Pause(101, Cause.THROTTLED);

        assertThat(Pause.longer(RECOVERING, longer)).isEqualTo(longer);
        assertThat(Pause.longer(longer, RECOVERING)).isEqualTo(longer);
    }

    @Test
    void ofTwoThatEndTogetherTheFirstHolds() {
        assertThat(Pause.longer(RECOVERING, new Pause(100, Cause.THROTTLED))).isEqualTo(RECOVERING);
    }

    @Test
    void causesDenialsUntilItsEnd() {
        assertThat(RECOVERING.causeAt(99)).isEqualTo(Cause.RECOVERING);
        assertThat(RECOVERING.causeAt(100)).isEqualTo(Cause.QUOTA);
    }
}
