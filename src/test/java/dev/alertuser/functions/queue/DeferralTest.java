package dev.alertuser.functions.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Reason;
import java.time.Duration;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeferralTest {
    private static final RandomGenerator NO_JITTER = () -> 0;

    @ParameterizedTest
    @CsvSource({
        "BUDGET_EXHAUSTED,       2700, 0, 2700",
        "BUDGET_EXHAUSTED,       2700, 9, 2700",
        "BUDGET_RECOVERING,        62, 3,   62",
        "DEFENDER_THROTTLED,       17, 3,   17",
        "DEFENDER_UNAVAILABLE,     30, 0,   30",
        "DEFENDER_UNAVAILABLE,     30, 2,  120",
        "BUDGET_UNAVAILABLE,       30, 9,  900",
        "DEFENDER_ACCESS_DENIED,  300, 0,  900"
    })
    void lastsUntilARetryIsWorthwhile(Reason reason, long retryAfter, int deferrals, long seconds) {
        Deferred deferred = new Deferred(reason, Duration.ofSeconds(retryAfter), null);

        assertThat(Deferral.delay(deferred, deferrals, NO_JITTER)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Property
    void isNeverShorterThanTheExactTimeNorMuchLonger(
            @ForAll Reason reason,
            @ForAll @LongRange(max = 3_600_000) long retryAfterMillis,
            @ForAll @IntRange(max = 10_000) int deferrals) {
        Duration retryAfter = Duration.ofMillis(retryAfterMillis);
        Duration delay = Deferral.delay(
                new Deferred(reason, retryAfter, null), deferrals, RandomGenerator.of("L64X128MixRandom"));

        assertThat(delay).isLessThan(Duration.ofMinutes(75).plusSeconds(5));
        if (reason == Reason.BUDGET_EXHAUSTED
                || reason == Reason.BUDGET_RECOVERING
                || reason == Reason.DEFENDER_THROTTLED) {
            assertThat(delay).isGreaterThanOrEqualTo(retryAfter);
        }
    }
}
