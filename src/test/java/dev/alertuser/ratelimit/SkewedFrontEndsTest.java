package dev.alertuser.ratelimit;

import static dev.alertuser.ratelimit.Simulation.HOUR;
import static dev.alertuser.ratelimit.Simulation.MILLISECOND;
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
 * The storage service's front ends need not agree about the time. Nothing is known of how far they differ, so this shows what a difference
 * costs: up to 200 ms next to nothing; with nearly a second, some calls and some patience, but no permit over and no standstill.
 */
class SkewedFrontEndsTest {
    private static final int HOURS = 3;
    private static final int INSTANCES = 3;
    private static final QuotaPolicy POLICY = new QuotaPolicy(
            List.of(new Quota(100, Duration.ofMinutes(1), 0), new Quota(1500, Duration.ofHours(1), 0)),
            Duration.ofSeconds(2));

    @ParameterizedTest(name = "front ends {0} ms apart, another one in {1} of requests: at least {2} of the quota")
    @CsvSource({
        "  0, 1,    0.999,   0",
        " 50, 1,    0.999,   0",
        " 50, 0.02, 0.999,   0",
        "200, 1,    0.999,   0",
        "200, 0.02, 0.999,   0",
        "900, 1,    0.8,    20",
        "900, 0.02, 0.95,   20"
    })
    void noPermitIsOverAndLookupsGoOn(int skewMillis, double switching, double leastUse, int mostUnavailable) {
        for (int seed = 0; seed < 3; seed++) {
            SimulatedFleet fleet = new SimulatedFleet(
                    seed,
                    List.of(SimulatedUpstream.Kind.values()).get(seed),
                    POLICY.quotas(),
                    List.of(SimulatedLatency.Kind.values()).get(seed));
            fleet.table().skewFrontEnds(skewMillis * MILLISECOND, switching);
            for (int i = 0; i < INSTANCES; i++) {
                fleet.add(POLICY).saturate(Priority.INTERACTIVE, SimulatedFleet.INTERACTIVE_WAIT, 12);
            }

            fleet.run(HOURS * HOUR);

            assertThat(fleet.refused()).as("%s", fleet).isZero();
            assertThat(fleet.sent() / (1500.0 * HOURS)).as("%s", fleet).isGreaterThanOrEqualTo(leastUse);
            assertThat(fleet.unavailable()).as("%s", fleet).isLessThanOrEqualTo(mostUnavailable * HOURS);
            for (Quota quota : POLICY.quotas()) {
                assertThat(closest(fleet.table().log(), quota.permits())).isGreaterThanOrEqualTo(POLICY.span(quota));
            }
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
