package dev.alertuser.ratelimit;

import static dev.alertuser.ratelimit.Simulation.HOUR;
import static dev.alertuser.ratelimit.Simulation.MILLISECOND;
import static dev.alertuser.ratelimit.Simulation.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.ratelimit.counter.PermitLog;
import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.service.budget.Priority;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The storage service's front ends need not agree about the time, and may renew the header that tells it once a second, at any moment. Nothing is
 * known of how far they differ, so this shows what a difference costs: less than a hundredth of the quota, and nobody's patience.
 */
class SkewedFrontEndsTest {
    private static final int HOURS = 3;
    private static final int INSTANCES = 3;
    private static final QuotaPolicy POLICY = new QuotaPolicy(
            List.of(new Quota(100, Duration.ofMinutes(1), 0), new Quota(1500, Duration.ofHours(1), 0)),
            Duration.ofSeconds(2));

    @ParameterizedTest(
            name = "front ends {0} ms apart, another one in {1} of requests, headers renewed by a timer: {2}")
    @CsvSource({
        "  0, 1,    false, 0.999",
        "  0, 1,    true,  0.999",
        " 50, 1,    false, 0.999",
        " 50, 0.02, false, 0.999",
        "200, 1,    false, 0.999",
        "200, 0.02, true,  0.999",
        "900, 1,    false, 0.99",
        "900, 0.02, false, 0.99",
        "900, 1,    true,  0.99",
        "900, 0.02, true,  0.99",
        "1800, 1,    true,  0.99",
        "1800, 0.02, true,  0.99"
    })
    void noPermitIsOverAndLookupsGoOn(int skewMillis, double switching, boolean timer, double leastUse) {
        for (int seed = 0; seed < 3; seed++) {
            SimulatedFleet fleet = new SimulatedFleet(
                    seed,
                    List.of(SimulatedUpstream.Kind.values()).get(seed),
                    POLICY.quotas(),
                    List.of(SimulatedLatency.Kind.values()).get(seed));
            fleet.table().skewFrontEnds(skewMillis * MILLISECOND, switching);
            if (timer) {
                fleet.table().renewHeadersByTimer();
            }
            for (int i = 0; i < INSTANCES; i++) {
                fleet.add(POLICY).saturate(Priority.INTERACTIVE, SimulatedFleet.INTERACTIVE_WAIT, 12);
            }

            fleet.run(HOURS * HOUR);

            assertThat(fleet.refused()).as("%s", fleet).isZero();
            assertThat(fleet.sent() / (1500.0 * HOURS)).as("%s", fleet).isGreaterThanOrEqualTo(leastUse);
            assertThat(fleet.unavailable()).as("%s", fleet).isZero();
            for (Quota quota : POLICY.quotas()) {
                assertThat(closest(fleet.table().log(), quota.permits())).isGreaterThanOrEqualTo(POLICY.span(quota));
            }
        }
    }

    /** But once or twice on an instance, when it learns how far they differ: until then it believed what it now doubts. */
    @ParameterizedTest(name = "front ends {0} ms apart, another one in {1} of requests")
    @CsvSource({"900, 1", "900, 0.02", "1800, 1"})
    void nobodyWaitsForTheClock(int skewMillis, double switching) {
        for (int seed = 0; seed < 3; seed++) {
            SimulatedFleet fleet = new SimulatedFleet(
                    seed,
                    List.of(SimulatedUpstream.Kind.values()).get(seed),
                    POLICY.quotas(),
                    List.of(SimulatedLatency.Kind.values()).get(seed));
            fleet.table().skewFrontEnds(skewMillis * MILLISECOND, switching);
            fleet.table().renewHeadersByTimer();
            for (int i = 0; i < INSTANCES; i++) {
                fleet.add(POLICY);
            }
            fleet.every(HOUR / 1000, () -> fleet.any().interactiveCalls(1));

            fleet.run(HOURS * HOUR);

            assertThat(fleet.refused()).isZero();
            assertThat(fleet.interactiveWaits()).hasSizeGreaterThan(2_500);
            assertThat(fleet.interactiveWaits().stream().filter(wait -> wait > SECOND / 2))
                    .hasSizeLessThanOrEqualTo(2 * INSTANCES)
                    .allMatch(wait -> wait < 3 * SECOND);
        }
    }

    /** The shortest span of {@code permits + 1} consecutive slots. */
    private static long closest(PermitLog log, int permits) {
        long closest = Long.MAX_VALUE;
        for (int i = 0; i + permits < log.size(); i++) {
            closest = Math.min(closest, log.slot(i + permits) - log.slot(i));
        }
        return closest;
    }
}
