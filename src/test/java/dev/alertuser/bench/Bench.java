package dev.alertuser.bench;

import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.ratelimit.LineReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Our limiter beside Bucket4j. Writes Markdown tables to {@code target/bench.md}; the exit code is 1 if ours lets too many permits through,
 * asks the table more often than it should, or breaks the order of its line.
 */
public final class Bench {
    private static final Path TABLE = Path.of("target", "bench.md");

    private Bench() {}

    private record Row(Load load, int instances, Contender contender, Figures figures) {
        private String markdown() {
            return String.format(
                    Locale.ROOT,
                    "| %s | %d | %s | %d | %d | %s | %.1f | %.2f | %.2f | %d / %d | %.2f / %.2f |",
                    load.title(),
                    instances,
                    contender.title(),
                    figures.permits(),
                    figures.refused(),
                    figures.most().stream().map(String::valueOf).collect(Collectors.joining(" / ")),
                    figures.preparation(),
                    figures.operationsPerPermit(),
                    figures.conflictsPerPermit(),
                    figures.waitMedianMillis(),
                    figures.waitP99Millis(),
                    figures.fairnessOfHalfMinute(),
                    figures.fairness());
        }

        private boolean isPeerOf(Row ours) {
            return contender == Contender.BUCKET4J && load == ours.load && instances == ours.instances;
        }

        private boolean isOver() {
            for (int i = 0; i < Contender.LIMITS.size(); i++) {
                if (figures.most().get(i) > Contender.LIMITS.get(i).permits()) {
                    return true;
                }
            }
            return false;
        }
    }

    /** A herd, and how it fared. */
    private record HerdRow(int instances, Contender contender, Herd.Result result) {
        private String markdown() {
            LineReport line = result.line();
            return String.format(
                    Locale.ROOT,
                    "| %d | %s | %.2f | %d | %d | %.1f %% | %.2f |",
                    instances,
                    contender.title(),
                    line.visits(),
                    line.visits95(),
                    line.mostVisits(),
                    100 * line.overtaken(),
                    result.operationsPerAnswer());
        }

        private boolean isOutOfOrder() {
            LineReport line = result.line();
            return line.visits() > 2.2 || line.mostVisits() > 4 || line.overtaken() > 0.02;
        }
    }

    /** The most table operations that a permit of ours may cost. */
    private record Target(Load load, int instances, double operationsPerPermit) {
        private boolean isMissedBy(Row row) {
            return row.load() == load
                    && row.instances() == instances
                    && row.figures().operationsPerPermit() > operationsPerPermit;
        }
    }

    private static final List<Target> TARGETS = List.of(
            new Target(Load.UNSATURATED, 1, 1.1),
            new Target(Load.UNSATURATED, 4, 2.05),
            new Target(Load.SATURATED, 4, 0.5),
            new Target(Load.SATURATED, 16, 1.2));

    /** Needs no arguments. */
    public static void main(String... arguments) throws IOException {
        List<Row> rows = new ArrayList<>();
        List<HerdRow> herds = new ArrayList<>();
        try (Azurite azurite = Azurite.inMemory()) {
            for (int instances : List.of(1, 4, 16)) {
                try (Fleet fleet = new Fleet(azurite.connectionString(), instances)) {
                    for (Load load : Load.values()) {
                        for (Contender contender : load.contenders()) {
                            Row row = new Row(load, instances, contender, Figures.of(fleet.run(contender, load)));
                            System.out.println(row.markdown());
                            rows.add(row);
                        }
                    }
                    for (Contender contender : Load.UNSATURATED.contenders()) {
                        HerdRow row = new HerdRow(instances, contender, fleet.herd(contender));
                        System.out.println(row.markdown());
                        herds.add(row);
                    }
                }
            }
        }
        Files.writeString(TABLE, table(rows) + "\n" + herdTable(herds));
        System.out.println("\n" + Files.readString(TABLE));
        List<String> failures = failures(rows);
        herds.stream()
                .filter(row -> row.contender() == Contender.OURS && row.isOutOfOrder())
                .forEach(row -> failures.add("More visits, or more pairs overtaken, than in line: " + row.markdown()));
        failures.forEach(System.out::println);
        System.exit(failures.isEmpty() ? 0 : 1);
    }

    private static String table(List<Row> rows) {
        String limits = Contender.LIMITS.stream()
                .map(limit -> limit.permits() + " per " + limit.window().toSeconds() + " s")
                .collect(Collectors.joining(" and "));
        String windows = Contender.LIMITS.stream()
                .map(limit -> limit.window().toSeconds() + " s (" + limit.permits() + ")")
                .collect(Collectors.joining(" / "));
        String head = String.format(
                """
                `mvn -Pbench` on %d cores, with Azurite in memory and %s of latency added to each request; limits %s, so time is compressed \
                thirtyfold; the margin of this limiter is %s s. Each instance is a JVM of its own.

                | load | instances | limiter | permits | refused | most in any %s | requests to start | operations per permit \
                | 412s per permit | wait p50 / p99 ms | fairness of half a minute / of all |
                |---|---|---|---|---|---|---|---|---|---|---|
                """,
                Runtime.getRuntime().availableProcessors(),
                TableTraffic.LATENCY,
                limits,
                Contender.MARGIN.toMillis() / 1000.0,
                windows);
        return head + rows.stream().map(row -> row.markdown() + "\n").collect(Collectors.joining());
    }

    private static String herdTable(List<HerdRow> herds) {
        String head = String.format("""
                %d callers meet a spent long window, wait up to %d ms in an instance, and come back exactly when they are told, to any \
                instance. Of two of which the one was told its time before the other came, the other overtakes if it is served more \
                than %d ms earlier.

                | instances | limiter | visits an answer | 95 %% within | most | pairs overtaken | operations an answer |
                |---|---|---|---|---|---|---|
                """, Herd.CALLERS, Herd.WAIT.toMillis(), Herd.BY_MORE);
        return head + herds.stream().map(row -> row.markdown() + "\n").collect(Collectors.joining());
    }

    private static List<String> failures(List<Row> rows) {
        List<String> failures = new ArrayList<>();
        for (Row row : rows) {
            if (row.contender() != Contender.OURS) {
                continue;
            }
            if (row.isOver()) {
                failures.add("Over the limit: " + row.markdown());
            }
            rows.stream()
                    .filter(other -> other.isPeerOf(row)
                            && other.figures().operationsPerPermit()
                                    < row.figures().operationsPerPermit())
                    .forEach(other -> failures.add("More operations per permit than Bucket4j: " + row.markdown()));
            TARGETS.stream()
                    .filter(target -> target.isMissedBy(row))
                    .forEach(target -> failures.add(
                            "More than " + target.operationsPerPermit() + " operations per permit: " + row.markdown()));
        }
        return failures;
    }
}
