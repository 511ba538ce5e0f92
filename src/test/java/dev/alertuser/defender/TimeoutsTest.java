package dev.alertuser.defender;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.config.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimeoutsTest {
    /** When a Logic App gives up a request. */
    private static final Duration CALLER = Duration.ofMinutes(2);

    /** What the attempts at tables take at most, before and after the call. */
    private static final Duration TABLES = Duration.ofSeconds(9);

    @Test
    void aCallThatHangsAfterTheLongestWaitEndsBeforeItsCallerGivesUp() {
        Duration wait = Settings.from(Map.of("AzureWebJobsStorage", "UseDevelopmentStorage=true"))
                .waits()
                .longest();

        assertThat(wait.plus(Timeouts.DEFAULT.head())
                        .plus(Timeouts.DEFAULT.body())
                        .plus(TABLES))
                .isLessThan(CALLER);
    }
}
