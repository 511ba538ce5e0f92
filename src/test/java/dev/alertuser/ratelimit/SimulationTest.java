package dev.alertuser.ratelimit;

import static dev.alertuser.ratelimit.SimulatedFleet.BACKLOG_THREADS;
import static dev.alertuser.ratelimit.SimulatedFleet.BACKLOG_WAIT;
import static dev.alertuser.ratelimit.Simulation.HOUR;
import static dev.alertuser.ratelimit.Simulation.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.service.budget.Priority;
import java.time.Duration;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The limiter as it is, on virtual time, against upstreams that count calls as they arrive: 100 a minute and 1500 an hour.
 *
 * <p>Each seed decides everything: {@code -Dsimulation.seeds=1000} runs more of them. Three kinds of upstream and three of latency (20 to
 * 800 ms) take turns. A failure names the seeds. One call in 20 leaves up to 900 ms after its permit.
 */
@TestInstance(Lifecycle.PER_CLASS)
class SimulationTest {
    /** In all tests of the upstream together. */
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 200);

    /** In each of the other tests. */
    private static final int OTHER_SEEDS = Math.max(9, SEEDS * 9 / 200);

    private static final List<Quota> LIMITS = quotas(0, 0);
    private static final QuotaPolicy WITHOUT_RESERVE = new QuotaPolicy(LIMITS, Duration.ofSeconds(2));
    private static final QuotaPolicy WITH_RESERVE = new QuotaPolicy(quotas(40, 70), Duration.ofSeconds(2));
    private static final int HOURS = 6;
    private static final double QUOTA = 1500.0 * HOURS;

    private static final String HEADER = "%-42s %5s %7s %7s %5s %5s %7s %7s%n"
            .formatted("load", "seeds", "calls/h", "least", "429s", "most", "op/call", "412/call");

    private final StringBuilder table = new StringBuilder(HEADER);

    private static List<Quota> quotas(int perMinute, int perHour) {
        return List.of(new Quota(100, Duration.ofMinutes(1), perMinute), new Quota(1500, Duration.ofHours(1), perHour));
    }

    /** {@code least} and {@code most} are of one seed; {@code op} and {@code 412} are of the table. */
    @AfterAll
    void print() {
        System.out.print(table);
    }

    @Test
    void aSaturatedBacklogUsesTheWholeQuotaAndNothingMore() {
        List<SimulatedFleet> fleets = run("backlog, no reserve", SEEDS * 7 / 20, HOURS * HOUR, (seed, fleet) -> {
            saturate(fleet, 1 + seed % 4, WITHOUT_RESERVE, Priority.BACKLOG);
        });

        assertThat(fleets).allSatisfy(fleet -> {
            assertThat(fleet.refused()).isZero();
            assertThat(fleet.sent() / QUOTA).isGreaterThanOrEqualTo(0.999);
        });
    }

    @Test
    void instancesThatComeAndGoExceedNothing() {
        List<SimulatedFleet> fleets = run("instances come and go", SEEDS * 3 / 20, HOURS * HOUR, (seed, fleet) -> {
            saturate(fleet, 4, WITHOUT_RESERVE, Priority.BACKLOG);
            fleet.every(HOUR / 10, () -> fleet.any().replace(Priority.BACKLOG, BACKLOG_WAIT, BACKLOG_THREADS));
        });

        assertThat(fleets).allSatisfy(fleet -> {
            assertThat(fleet.refused()).isZero();
            assertThat(fleet.sent() / QUOTA).isGreaterThanOrEqualTo(0.99);
        });
    }

    @Test
    void unpacedCallersExceedNothing() {
        List<SimulatedFleet> fleets = run("interactive only", SEEDS * 3 / 20, HOURS * HOUR, (seed, fleet) -> {
            saturate(fleet, 1 + seed % 4, WITHOUT_RESERVE, Priority.INTERACTIVE);
        });

        assertThat(fleets).allSatisfy(fleet -> {
            assertThat(fleet.refused()).isZero();
            assertThat(fleet.sent() / QUOTA).isGreaterThanOrEqualTo(0.999);
        });
    }

    /** 95 % and a little: the margin of the hour takes a permit, too. */
    @Test
    void theDefaultReserveCostsItsSizeAndNoMore() {
        List<SimulatedFleet> fleets = run("backlog, reserve 40, 70", SEEDS / 10, HOURS * HOUR, (seed, fleet) -> {
            saturate(fleet, 1 + seed % 4, WITH_RESERVE, Priority.BACKLOG);
        });

        assertThat(fleets).allSatisfy(fleet -> {
            assertThat(fleet.refused()).isZero();
            assertThat(fleet.sent() / QUOTA).isGreaterThanOrEqualTo(0.95);
        });
    }

    @Test
    void interactiveCallersDoNotWaitBehindTheBacklog() {
        List<SimulatedFleet> fleets =
                run("backlog, bursts of 40, reserve 40, 70", SEEDS / 4, HOURS * HOUR, (seed, fleet) -> {
                    saturate(fleet, 1 + seed % 4, WITH_RESERVE, Priority.BACKLOG);
                    // One burst in twenty has 40 calls, the others have 1 to 3: 80 calls an hour.
                    fleet.every(HOUR * 39 / 800, () -> {
                        int calls = fleet.random().nextInt(20) == 0
                                ? 40
                                : 1 + fleet.random().nextInt(3);
                        IntStream.range(0, calls).forEach(i -> fleet.any().interactiveCalls(1));
                    });
                });

        assertThat(fleets).allSatisfy(fleet -> assertThat(fleet.refused()).isZero());
        long[] waits = fleets.stream()
                .flatMap(fleet -> fleet.interactiveWaits().stream())
                .mapToLong(Long::longValue)
                .sorted()
                .toArray();
        double prompt = Arrays.stream(waits).filter(wait -> wait <= SECOND).count() / (double) waits.length;
        table.append(String.format(
                "  of %d interactive calls %.2f %% within 1 s; p50 %.3f s, p99 %.3f s, none in 20 s: %d%n",
                waits.length,
                100 * prompt,
                waits[waits.length / 2] / 1e9,
                waits[waits.length * 99 / 100] / 1e9,
                Arrays.stream(waits).filter(wait -> wait == Long.MAX_VALUE).count()));
        assertThat(prompt).isGreaterThanOrEqualTo(0.995);
    }

    @Test
    void aWallClockThatIsWrongAndJumpsByAnHourCostsNothing() {
        List<SimulatedFleet> fleets = run("wall clocks off and jumping", OTHER_SEEDS, HOURS * HOUR, (seed, fleet) -> {
            saturate(fleet, 1 + seed % 3, WITHOUT_RESERVE, Priority.BACKLOG);
            fleet.every(
                    HOUR / 2, () -> fleet.any().wallClockJumps(fleet.random().nextBoolean() ? HOUR : -HOUR));
        });

        assertThat(fleets).allSatisfy(fleet -> {
            assertThat(fleet.refused()).isZero();
            assertThat(fleet.sent() / QUOTA).isGreaterThanOrEqualTo(0.99);
        });
    }

    /** One that begins while an answer of the table is on its way back stays unnoticed: one 429 in some hundred standstills. */
    @Test
    void aSuspendedProcessCausesFew429s() {
        List<SimulatedFleet> fleets = run("standstills of 30 s", OTHER_SEEDS, HOURS * HOUR, (seed, fleet) -> {
            saturate(fleet, 2 + seed % 3, WITHOUT_RESERVE, Priority.BACKLOG);
            fleet.every(HOUR, () -> fleet.any().standsStill(30 * SECOND));
        });

        assertThat(fleets).allSatisfy(fleet -> {
            assertThat(fleet.refused()).isLessThanOrEqualTo(1);
            assertThat(fleet.sent() / QUOTA).isGreaterThanOrEqualTo(0.99);
        });
    }

    @Test
    void anotherPartyOnTheSameQuotaCausesFew429s() {
        for (boolean told : List.of(true, false)) {
            List<SimulatedFleet> fleets = run(
                    "other party, " + (told ? "with" : "without") + " Retry-After",
                    OTHER_SEEDS,
                    HOURS * HOUR,
                    (seed, fleet) -> {
                        saturate(fleet, 1 + seed % 4, WITH_RESERVE, Priority.BACKLOG);
                        fleet.otherParty(750);
                        if (!told) {
                            fleet.withoutRetryAfter();
                        }
                    });

            assertThat(fleets).allSatisfy(fleet -> assertThat(fleet.refused()).isLessThanOrEqualTo(40 * HOURS));
            assertThat(fleets).allSatisfy(fleet -> assertThat(fleet.sent()).isGreaterThan(750 * HOURS));
        }
    }

    /** Mean of seeds: the burst of saturating interactive callers that follows a pause may meet several at once. */
    @Test
    void aLostOrCorruptRowCausesFew429s() {
        for (Priority priority : Priority.values()) {
            List<SimulatedFleet> fleets = run(
                    "row lost, " + priority.name().toLowerCase(Locale.ROOT), OTHER_SEEDS, 4 * HOUR, (seed, fleet) -> {
                        saturate(fleet, 1 + seed % 4, WITHOUT_RESERVE, priority);
                        fleet.after(
                                HOUR + fleet.random().nextLong(HOUR),
                                seed % 2 == 0 ? fleet.table()::delete : fleet.table()::corrupt);
                    });

            assertThat(fleets.stream()
                            .mapToInt(SimulatedFleet::refused)
                            .average()
                            .orElseThrow())
                    .isLessThanOrEqualTo(5);
        }
    }

    @ParameterizedTest(name = "{0} instances: at most {1} table operations a permit")
    @CsvSource({"1, 1.1", "4, 4", "16, 6", "40, 8"})
    void aHerdSharesItsWrites(int instances, double most) {
        List<SimulatedFleet> fleets = run(
                "backlog, " + instances + " instances",
                1,
                2 * HOUR,
                (seed, fleet) -> saturate(fleet, instances, WITHOUT_RESERVE, Priority.BACKLOG));

        assertThat(ratio(fleets, fleet -> fleet.table().operations())).isLessThanOrEqualTo(most);
        assertThat(fleets).allSatisfy(fleet -> assertThat(fleet.refused()).isZero());
    }

    /** Shows that the simulation can tell: the margin must cover the spread of the latency. */
    @Test
    void aMarginNarrowerThanTheLatencyIsNotEnough() {
        QuotaPolicy narrow = new QuotaPolicy(LIMITS, Duration.ofMillis(400));
        List<SimulatedFleet> fleets = run("interactive only, margin 0.4 s", 9, HOURS * HOUR, (seed, fleet) -> {
            saturate(fleet, 2, narrow, Priority.INTERACTIVE);
        });

        assertThat(fleets.stream().mapToInt(SimulatedFleet::refused).sum()).isPositive();
    }

    private static void saturate(SimulatedFleet fleet, int instances, QuotaPolicy policy, Priority priority) {
        for (int i = 0; i < instances; i++) {
            fleet.add(policy).saturate(priority, BACKLOG_WAIT, BACKLOG_THREADS);
        }
    }

    private List<SimulatedFleet> run(String name, int seeds, long nanos, BiConsumer<Integer, SimulatedFleet> load) {
        List<SimulatedFleet> fleets = IntStream.range(0, seeds)
                .parallel()
                .mapToObj(seed -> {
                    SimulatedFleet fleet = fleet(name, seed);
                    load.accept(seed, fleet);
                    fleet.run(nanos);
                    return fleet;
                })
                .toList();
        double hours = (double) nanos / HOUR;
        IntSummaryStatistics sent =
                fleets.stream().mapToInt(SimulatedFleet::sent).summaryStatistics();
        IntSummaryStatistics refused =
                fleets.stream().mapToInt(SimulatedFleet::refused).summaryStatistics();
        table.append(String.format(
                "%-42s %5d %7.1f %7.1f %5d %5d %7.2f %7.2f%n",
                name,
                seeds,
                sent.getAverage() / hours,
                sent.getMin() / hours,
                refused.getSum(),
                refused.getMax(),
                ratio(fleets, fleet -> fleet.table().operations()),
                ratio(fleets, fleet -> fleet.table().conflicts())));
        return fleets;
    }

    private static double ratio(List<SimulatedFleet> fleets, ToIntFunction<SimulatedFleet> count) {
        return fleets.stream().mapToInt(count).sum()
                / (double) fleets.stream().mapToInt(SimulatedFleet::granted).sum();
    }

    private static SimulatedFleet fleet(String name, int seed) {
        SimulatedUpstream.Kind kind = List.of(SimulatedUpstream.Kind.values()).get(seed % 3);
        SimulatedLatency.Kind latency = List.of(SimulatedLatency.Kind.values()).get(seed / 3 % 3);
        return new SimulatedFleet(1_000_003L * name.hashCode() + seed, kind, LIMITS, latency);
    }
}
