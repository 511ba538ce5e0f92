package dev.alertuser.ratelimit;

import dev.alertuser.localkit.fake.StorageFault;
import dev.alertuser.localkit.fake.StorageProxy;
import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.ratelimit.LimiterFleet.Report;
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
 * there was one call or slot too many, or one slot charged twice.
 */
public final class Chaos {
    private static final double LOSS = 0.05;
    private static final int LEAST_KILLS = 100;

    private static final List<Quota> LIMITS = LimiterProcess.POLICY.quotas().subList(0, 2);

    private static final List<String> COLUMNS = List.of(
            "run",
            "kills",
            "answers lost",
            "writes without answer",
            "permits",
            "calls",
            "permits unused",
            "acquires failed",
            "most permits in a window",
            "most calls in a window");

    private Chaos() {}

    /** Needs no arguments. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed + ", limits " + words(LIMITS) + "\n");
        System.out.println(COLUMNS.stream().collect(Collectors.joining(" | ", "| ", " |")));
        System.out.println("|---".repeat(COLUMNS.size()) + "|");
        List<String> wrong = new ArrayList<>();
        try (Azurite azurite = Azurite.inMemory();
                StorageProxy proxy = StorageProxy.before(azurite)) {
            proxy.treat(StorageFault.LOST_ANSWER.inShare(LOSS));
            Report killed = killed(
                    azurite, proxy, LEAST_KILLS, Duration.ofMillis(1500), Duration.ofMinutes(6), new Random(seed));
            print("killed, answers lost", killed, proxy.unanswered());
            wrong.addAll(faults(killed));
            if (killed.kills() < LEAST_KILLS) {
                wrong.add("only " + killed.kills() + " kills");
            }
            int lost = proxy.unanswered();
            Report lossy = undisturbed(azurite, proxy.connectionString(), Duration.ofSeconds(45));
            print("answers lost", lossy, proxy.unanswered() - lost);
            wrong.addAll(faults(lossy));
            wrong.addAll(accountingFaults(lossy));
            Report calm = undisturbed(azurite, azurite.connectionString(), Duration.ofSeconds(30));
            print("undisturbed", calm, 0);
            wrong.addAll(faults(calm));
            wrong.addAll(accountingFaults(calm));
        }
        System.out.println();
        wrong.forEach(System.out::println);
        System.out.println(wrong.isEmpty() ? "No call and no slot too many." : "That must not be.");
        System.exit(wrong.isEmpty() ? 0 : 1);
    }

    /** Six processes, killed at random, behind a proxy that loses answers. */
    static Report killed(
            Azurite azurite, StorageProxy proxy, int kills, Duration pause, Duration longest, Random random)
            throws IOException, InterruptedException {
        try (LimiterFleet fleet = new LimiterFleet(proxy.connectionString(), 6, 4)) {
            fleet.kill(kills, pause, longest, random);
            return fleet.stop(azurite.connectionString());
        }
    }

    /** Four processes that nobody kills. */
    static Report undisturbed(Azurite azurite, String connectionString, Duration time)
            throws IOException, InterruptedException {
        try (LimiterFleet fleet = new LimiterFleet(connectionString, 4, 4)) {
            fleet.run(time);
            return fleet.stop(azurite.connectionString());
        }
    }

    /** What no process may ever bring about. */
    static List<String> faults(Report report) {
        List<String> faults = new ArrayList<>();
        for (Quota quota : LimiterProcess.POLICY.quotas()) {
            if (report.mostCalls(quota) > quota.permits()) {
                faults.add(report.mostCalls(quota) + " calls in a window of " + quota);
            }
            if (report.mostSlots(quota) > quota.permits()) {
                faults.add(report.mostSlots(quota) + " slots in a window of " + quota);
            }
        }
        if (report.used().size() > report.slots().size()) {
            faults.add(
                    report.used().size() + " calls but only " + report.slots().size() + " slots");
        }
        return faults;
    }

    /** Without a kill, each slot was given to exactly one caller: a write that landed twice would leave a slot over. */
    static List<String> accountingFaults(Report report) {
        long told = report.used().size() + report.unused();
        long slots = report.slots().size();
        return told <= slots && slots <= told + report.failed()
                ? List.of()
                : List.of(
                        slots + " slots but " + told + " permits told of and " + report.failed() + " acquires failed");
    }

    private static void print(String run, Report report, int lost) {
        System.out.println(Stream.of(
                        run,
                        report.kills(),
                        lost,
                        report.ambiguous(),
                        report.slots().size(),
                        report.used().size(),
                        report.unused(),
                        report.failed(),
                        most(report::mostSlots),
                        most(report::mostCalls))
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
