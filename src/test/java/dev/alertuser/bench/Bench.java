package dev.alertuser.bench;

import dev.alertuser.localkit.process.Azurite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Our limiter beside Bucket4j. Writes a Markdown table to {@code target/bench.md}; the exit code is 1 if ours lets too many permits
 * through or asks the table more often than it should.
 */
public final class Bench {
    private static final Path TABLE = Path.of("target", "bench.md");

    private Bench() {}

    private record Row(Load load, int instances, Contender contender, Figures figures) {
        private String markdown() {
            return String.format(
                    Locale.ROOT,
                    "| %s | %d | %s | %d | %d | %s | %.1f | %.2f | %.2f | %d / %d | %.2f |",
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
                    figures.fairness());
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
            new Target(Load.SATURATED, 4, 0.5),
            new Target(Load.SATURATED, 16, 1.2));

    /** Needs no arguments. */
    public static void main(String... arguments) throws IOException {
        List<Row> rows = new ArrayList<>();
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
                }
            }
        }
        Files.writeString(TABLE, table(rows));
        System.out.println("\n" + Files.readString(TABLE));
        List<String> failures = failures(rows);
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
                | 412s per permit | wait p50 / p99 ms | fairness |
                |---|---|---|---|---|---|---|---|---|---|---|
                """,
                Runtime.getRuntime().availableProcessors(),
                TableTraffic.LATENCY,
                limits,
                Contender.MARGIN.toMillis() / 1000.0,
                windows);
        return head + rows.stream().map(row -> row.markdown() + "\n").collect(Collectors.joining());
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
            TARGETS.stream()
                    .filter(target -> target.isMissedBy(row))
                    .forEach(target -> failures.add(
                            "More than " + target.operationsPerPermit() + " operations per permit: " + row.markdown()));
        }
        return failures;
    }
}
