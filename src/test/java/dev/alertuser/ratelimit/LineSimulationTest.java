package dev.alertuser.ratelimit;

import static dev.alertuser.ratelimit.Simulation.HOUR;
import static dev.alertuser.ratelimit.Simulation.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.service.budget.Priority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Herds of callers that meet a spent hour and come back when they are told, on virtual time. Half of the runs find the hour evenly used, the
 * others by bursts of 100 a minute. Prints the first table of the limiter's README. The seeds are as in {@link SimulationTest}.
 */
@TestInstance(Lifecycle.PER_CLASS)
class LineSimulationTest {
    private static final QuotaPolicy POLICY = new QuotaPolicy(
            List.of(new Quota(100, Duration.ofMinutes(1), 0), new Quota(1500, Duration.ofHours(1), 0)),
            Duration.ofSeconds(2));

    /** Nanoseconds between two permits of an hour. */
    private static final long PERMIT_TIME = HOUR / 1500;

    private static final long MINUTE = 60 * SECOND;

    private static final int[] HERDS = {20, 100, 500};
    private static final int[] FLEETS = {1, 4, 16};

    private static final String HEADER = "%-44s %4s %7s %5s %9s %9s %6s %5s%n"
            .formatted("herd", "runs", "visits", "most", "overtaken", "op/answer", "broken", "429s");

    private static final Path README = Path.of("src/main/java/dev/alertuser/ratelimit/README.md");

    private final StringBuilder table = new StringBuilder(HEADER);

    @AfterAll
    void printsTheTableOfTheReadme() throws IOException {
        System.out.print(table);
        if (SimulationTest.FIRST_SEED == 0) {
            assertThat(Files.readString(README))
                    .contains(table.toString().lines().toList());
        } else {
            System.out.println("repeated with -Dsimulation.seed=" + SimulationTest.FIRST_SEED);
        }
    }

    enum Disturbance {
        NONE,
        /** Of the instance that made promises. */
        CRASH,
        PAUSE
    }

    private record Herd(SimulatedFleet fleet, List<SimulatedCaller> callers) {
        double overtaken() {
            return SimulatedCaller.overtaken(callers, PERMIT_TIME);
        }

        @Override
        public String toString() {
            return fleet + ", overtaken " + overtaken() + ", not served " + (callers.size() - served().size());
        }

        List<SimulatedCaller> served() {
            return callers.stream().filter(caller -> caller.served > 0).toList();
        }
    }

    @ParameterizedTest(
            name =
                    "{0} callers on {1} instances, {2} s late at most, {3} % never return: at most {4} operations an answer")
    @CsvSource({
        " 20,  1,  0,  0, 2.5", " 20,  4,  0,  0, 2.5", " 20, 16,  0,  0, 4",
        "100,  1,  0,  0, 2.5", "100,  4,  0,  0, 2.5", "100, 16,  0,  0, 2.5",
        "500,  1,  0,  0, 2.5", "500,  4,  0,  0, 2.5", "500, 16,  0,  0, 2.5",
        "500,  1, 10,  0, 2.5", "500,  4, 10,  0, 2.5", "500, 16, 10,  0, 2.5",
        "500,  1, 10, 30, 2.5", "500,  4, 10, 30, 2.5", "500, 16, 10, 30, 2.5"
    })
    void whoComesBackInTimeIsServed(int callers, int instances, int late, int never, double operations) {
        String name = callers + " on " + instances
                + (late == 0 ? ", exactly in time" : ", up to " + late + " s late")
                + (never == 0 ? "" : ", " + never + " % never");
        List<Herd> herds = run(name, 6, callers, instances, late, never, Disturbance.NONE);

        assertPromisesAreKept(herds);
        assertThat(operationsPerAnswer(herds)).isLessThanOrEqualTo(operations);
    }

    @ParameterizedTest
    @CsvSource({"CRASH, 0", "CRASH, 10", "PAUSE, 0", "PAUSE, 10"})
    void aCrashBreaksNoPromiseAndAPauseKeepsTheOrder(Disturbance disturbance, int late) {
        for (int callers : HERDS) {
            for (int instances : FLEETS) {
                String name = callers + " on " + instances + ", up to " + late + " s late, "
                        + disturbance.name().toLowerCase(Locale.ROOT);
                List<Herd> herds = run(name, 3, callers, instances, late, 0, disturbance);
                assertThat(sum(herds, caller -> caller.broken)).as(name).isZero();
                assertThat(herds).allSatisfy(herd -> {
                    assertThat(herd.fleet().refused()).isZero();
                    assertThat(herd.callers()).allMatch(caller -> caller.served > 0);
                });
                // 20 callers make so few pairs that a single one of them counts half a per cent.
                assertThat(herds.stream().mapToDouble(Herd::overtaken).average().orElseThrow())
                        .isLessThanOrEqualTo(0.02);
            }
        }
    }

    private void assertPromisesAreKept(List<Herd> herds) {
        assertThat(sum(herds, caller -> caller.broken)).isZero();
        assertThat(visits(herds)).isLessThanOrEqualTo(2.2);
        assertThat(herds).allSatisfy(herd -> {
            assertThat(herd.fleet().refused()).isZero();
            assertThat(herd.callers()).allMatch(caller -> caller.served > 0 || caller.neverReturns);
            assertThat(herd.served()).allMatch(caller -> caller.visits <= 4);
            assertThat(herd.overtaken()).isLessThanOrEqualTo(0.02);
        });
    }

    private List<Herd> run(
            String name, int runs, int callers, int instances, int late, int never, Disturbance disturbance) {
        List<Herd> herds = IntStream.range(0, runs)
                .parallel()
                .mapToObj(index -> {
                    SimulatedFleet fleet = spent(name, index, instances);
                    List<SimulatedCaller> herd = new ArrayList<>();
                    for (int i = 0; i < callers; i++) {
                        fleet.after(fleet.random().nextLong(2 * SECOND), () -> {
                            SimulatedCaller caller = fleet.caller(late * SECOND);
                            caller.neverReturns = fleet.random().nextInt(100) < never;
                            herd.add(caller);
                        });
                    }
                    disturb(fleet, disturbance);
                    fleet.run(2 * HOUR);
                    return new Herd(fleet, herd);
                })
                .toList();
        if (disturbance == Disturbance.NONE) {
            table.append(row(name, herds));
        }
        return herds;
    }

    private static void disturb(SimulatedFleet fleet, Disturbance disturbance) {
        switch (disturbance) {
            case NONE -> {}
            case CRASH -> fleet.every(60 * SECOND, fleet::crash);
            case PAUSE -> fleet.every(900 * SECOND, () -> fleet.any().pauses(Duration.ofSeconds(100)));
        }
    }

    private static SimulatedFleet spent(String name, int index, int instances) {
        SimulatedFleet fleet = new SimulatedFleet(
                1_000_003L * name.hashCode() + SimulationTest.FIRST_SEED + index,
                List.of(SimulatedUpstream.Kind.values()).get(index % 3),
                POLICY.quotas(),
                List.of(SimulatedLatency.Kind.values()).get((index + index / 3) % 3));
        fleet.table().spend(POLICY, ago(index));
        for (int i = 0; i < instances; i++) {
            fleet.add(POLICY);
        }
        return fleet;
    }

    /** Milliseconds before the start. */
    private static LongStream ago(int index) {
        return index % 2 == 0
                ? LongStream.rangeClosed(1, 1500).map(i -> (1501 - i) * 2_400)
                : LongStream.range(0, 1500).map(i -> (15 - i / 100) * 62_100 - i % 100 * 10);
    }

    private static String row(String name, List<Herd> herds) {
        return String.format(
                Locale.ROOT,
                "%-44s %4d %7.2f %5d %8.1f%% %9.2f %6d %5d%n",
                name,
                herds.size(),
                visits(herds),
                herds.stream()
                        .flatMap(herd -> herd.served().stream())
                        .mapToInt(caller -> caller.visits)
                        .max()
                        .orElse(0),
                100 * herds.stream().mapToDouble(Herd::overtaken).max().orElse(0),
                operationsPerAnswer(herds),
                sum(herds, caller -> caller.broken),
                herds.stream().mapToInt(herd -> herd.fleet().refused()).sum());
    }

    private static double visits(List<Herd> herds) {
        return herds.stream()
                .flatMap(herd -> herd.served().stream())
                .mapToInt(caller -> caller.visits)
                .average()
                .orElse(0);
    }

    private static double operationsPerAnswer(List<Herd> herds) {
        return herds.stream()
                        .mapToDouble(herd -> herd.fleet().table().operations())
                        .sum()
                / herds.stream().mapToInt(herd -> herd.fleet().granted()).sum();
    }

    private static int sum(List<Herd> herds, java.util.function.ToIntFunction<SimulatedCaller> count) {
        return herds.stream()
                .flatMap(herd -> herd.callers().stream())
                .mapToInt(count)
                .sum();
    }

    /** 30 % of those in line never come back, and the queue has work. */
    @Test
    void whoDoesNotComeBackCostsLittle() {
        List<Herd> herds = IntStream.range(0, 6)
                .parallel()
                .mapToObj(index -> {
                    SimulatedFleet fleet = spent("no-shows", index * 2, 4);
                    List<SimulatedCaller> herd = new ArrayList<>();
                    fleet.every(HOUR / 1000, () -> {
                        SimulatedCaller caller = fleet.caller(10 * SECOND);
                        caller.neverReturns = fleet.random().nextInt(100) < 30;
                        herd.add(caller);
                    });
                    fleet.any().saturate(Priority.BACKLOG, SimulatedFleet.BACKLOG_WAIT, SimulatedFleet.BACKLOG_THREADS);
                    fleet.run(2 * HOUR);
                    return new Herd(fleet, herd);
                })
                .toList();

        table.append(row("1000 an hour on 4, 30 % never; a backlog", herds));
        assertThat(sum(herds, caller -> caller.broken)).isZero();
        assertThat(herds).allSatisfy(herd -> {
            assertThat(herd.fleet().refused()).isZero();
            assertThat(herd.fleet().sent() / (2 * 1499.2)).isGreaterThanOrEqualTo(0.97);
        });
    }

    /**
     * 16 callers an instance ask for one alert after the other, and come back when they are told. Over any hour and any quarter of an hour, in
     * which some 23 permits an instance are used.
     */
    @Test
    void saturatedInstancesGetEqualShares() {
        List<SimulatedFleet> fleets = IntStream.range(0, 3)
                .parallel()
                .mapToObj(index -> {
                    SimulatedFleet fleet = spent("equal shares", index * 2, 0);
                    for (int i = 0; i < 16; i++) {
                        fleet.add(POLICY).saturate(Priority.INTERACTIVE, SimulatedFleet.INTERACTIVE_WAIT, 16);
                    }
                    fleet.run(2 * HOUR);
                    return fleet;
                })
                .toList();
        assertThat(fleets).allSatisfy(fleet -> {
            assertThat(fleet.refused()).isZero();
            assertThat(fleet.granted()).isGreaterThan(2 * 1495);
            assertThat(IntStream.rangeClosed(0, 60).mapToDouble(minute -> fairness(fleet, minute, 60)))
                    .allMatch(index -> index >= 0.99);
            assertThat(IntStream.rangeClosed(0, 105).mapToDouble(minute -> fairness(fleet, minute, 15)))
                    .allMatch(index -> index >= 0.9);
        });
    }

    private static double fairness(SimulatedFleet fleet, int minute, int minutes) {
        return fleet.fairness(minute * MINUTE, (minute + minutes) * MINUTE);
    }

    /** A batch of 500 stands in line when single questions come: they wait for a minute's worth of it, and for one another. */
    @Test
    void aBatchDelaysOthersByAMinutesWorthOfPermits() {
        List<Herd> herds = IntStream.range(0, 6)
                .parallel()
                .mapToObj(index -> {
                    SimulatedFleet fleet = spent("batch", index * 2, 4);
                    List<SimulatedCaller> singles = new ArrayList<>();
                    List<SimulatedCaller> batch = fleet.batch(500, 25);
                    fleet.every(60 * SECOND, () -> singles.add(fleet.caller(0)));
                    fleet.run(HOUR);
                    assertThat(batch).allMatch(each -> each.served > 0);
                    return new Herd(fleet, singles.subList(0, singles.size() - 5));
                })
                .toList();

        table.append(row("one a minute beside a batch of 500", herds));
        assertPromisesAreKept(herds);
        assertThat(herds)
                .allSatisfy(herd -> assertThat(herd.callers())
                        .allSatisfy(caller ->
                                assertThat(caller.served - caller.asked).isLessThan(90 * SECOND)));
    }
}
