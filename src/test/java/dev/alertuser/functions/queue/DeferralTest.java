package dev.alertuser.functions.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Reason;
import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeferralTest {
    private static final RandomGenerator NO_JITTER = () -> 0;
    private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);

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
    void lastsUpToAQuarterOrFiveSecondsLonger(
            @ForAll Reason reason,
            @ForAll @LongRange(max = 3_600_000) long retryAfterMillis,
            @ForAll @IntRange(max = 10_000) int deferrals,
            @ForAll long seed) {
        Deferred deferred = new Deferred(reason, Duration.ofMillis(retryAfterMillis), null);
        Duration shortest = Deferral.delay(deferred, deferrals, NO_JITTER);
        Duration most = reason == Reason.BUDGET_EXHAUSTED ? FIVE_SECONDS : shortest.dividedBy(4);

        assertThat(Deferral.delay(deferred, deferrals, new Random(seed)))
                .isGreaterThanOrEqualTo(shortest)
                .isLessThan(shortest.plus(most.compareTo(FIVE_SECONDS) > 0 ? most : FIVE_SECONDS));
    }

    @ParameterizedTest(name = "{0} for {1} s lasts less than {2} s")
    @CsvSource({
        "BUDGET_RECOVERING,  2700, 3375",
        "BUDGET_RECOVERING,    17,   22",
        "BUDGET_EXHAUSTED,    300,  305",
        "BUDGET_EXHAUSTED,     17,   22"
    })
    void usesAllOfItsJitter(Reason reason, long retryAfter, long longest) {
        Deferred deferred = new Deferred(reason, Duration.ofSeconds(retryAfter), null);
        Random random = new Random(1);

        assertThat(IntStream.range(0, 1_000)
                        .mapToLong(i -> Deferral.delay(deferred, 0, random).toMillis())
                        .max()
                        .orElseThrow())
                .isBetween(longest * 1_000 - 10 * (longest - retryAfter), longest * 1_000 - 1);
    }

    @ParameterizedTest
    @CsvSource({"0, 60", "1, 120", "3, 480", "4, 900", "1000, 900"})
    void wrongSettingsAreTriedAgainFromAMinuteUpToAQuarterOfAnHour(int deferrals, long seconds) {
        assertThat(Deferral.ofWrongSettings(deferrals, NO_JITTER)).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(Deferral.ofWrongSettings(deferrals, new Random(1)))
                .isBetween(Duration.ofSeconds(seconds), Duration.ofSeconds(seconds * 5 / 4));
    }
}
