package dev.alertuser.ratelimit;

import dev.alertuser.localkit.fake.StorageFault;
import dev.alertuser.localkit.fake.StorageProxy;
import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.ratelimit.counter.Quota;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Processes that are killed, and a table whose answers get lost. {@code mvn -Pchaos} runs it for some minutes and ends with exit code 1 if
 * there was one call or slot too many, or one slot charged twice. An argument is the seed of an earlier run: its processes are killed at the
 * same moments.
 */
public final class Chaos {
    private static final int KILLS = 100;

    private static final List<Quota> LIMITS = LimiterProcess.POLICY.quotas().subList(0, 2);

    private static final List<String> COLUMNS = List.of(
            "run",
            "kills",
            "answers lost",
            "writes without answer",
            "permits",
            "calls",
            "permits unused",
            "permits lost",
            "acquires open at a kill",
            "acquires failed",
            "most permits in a window",
            "most calls in a window");

    private Chaos() {}

    /** Arguments: a seed, or none. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        long seed = arguments.length > 0 ? Long.parseLong(arguments[0]) : new Random().nextLong();
        System.out.println("seed of the kills " + seed + ", limits " + words(LIMITS) + "\n");
        System.out.println(COLUMNS.stream().collect(Collectors.joining(" | ", "| ", " |")));
        System.out.println("|---".repeat(COLUMNS.size()) + "|");
        List<String> wrong = new ArrayList<>();
        try (Azurite azurite = Azurite.inMemory();
                StorageProxy proxy = StorageProxy.before(azurite)) {
            proxy.treat(StorageFault.LOST_ANSWER.oneIn(20));
            FleetReport killed = killed(azurite, proxy, KILLS, Duration.ofMillis(1500), new Random(seed));
            print("killed, answers lost", killed, proxy.unanswered());
            wrong.addAll(killed.faults());
            int lost = proxy.unanswered();
            FleetReport lossy = undisturbed(azurite, proxy.connectionString(), Duration.ofSeconds(45));
            print("answers lost", lossy, proxy.unanswered() - lost);
            wrong.addAll(lossy.faults());
            FleetReport calm = undisturbed(azurite, azurite.connectionString(), Duration.ofSeconds(30));
            print("undisturbed", calm, 0);
            wrong.addAll(calm.faults());
        }
        System.out.println();
        wrong.forEach(System.out::println);
        System.out.println(wrong.isEmpty() ? "No call and no slot too many." : "That must not be.");
        System.exit(wrong.isEmpty() ? 0 : 1);
    }

    /** Six processes, killed at random moments, behind a proxy that loses answers. */
    static FleetReport killed(Azurite azurite, StorageProxy proxy, int kills, Duration pause, Random random)
            throws IOException, InterruptedException {
        try (LimiterFleet fleet = new LimiterFleet(proxy.connectionString(), 6, 4)) {
            fleet.kill(kills, pause, random);
            fleet.run(Duration.ZERO);
            return fleet.stop(azurite.connectionString());
        }
    }

    /** Four processes that nobody kills. */
    static FleetReport undisturbed(Azurite azurite, String connectionString, Duration time)
            throws IOException, InterruptedException {
        try (LimiterFleet fleet = new LimiterFleet(connectionString, 4, 4)) {
            fleet.run(time);
            return fleet.stop(azurite.connectionString());
        }
    }

    private static void print(String run, FleetReport report, int lost) {
        System.out.println(Stream.of(
                        run,
                        report.kills(),
                        lost,
                        report.ambiguous(),
                        report.slots().size(),
                        report.calls().size(),
                        report.unused(),
                        report.lost(),
                        report.open(),
                        report.failed(),
                        most(report::mostSlots),
                        most(report::mostArrived))
                .map(String::valueOf)
                .collect(Collectors.joining(" | ", "| ", " |")));
    }

    private static String words(List<Quota> limits) {
        return limits.stream()
                .map(limit -> limit.permits() + " per " + limit.window().toSeconds() + " s")
                .collect(Collectors.joining(" and "));
    }

    private static String most(ToIntFunction<Quota> count) {
        return LIMITS.stream().map(limit -> "" + count.applyAsInt(limit)).collect(Collectors.joining(" / "));
    }
}
