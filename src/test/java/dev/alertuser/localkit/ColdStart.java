package dev.alertuser.localkit;

import com.azure.data.tables.TableClient;
import dev.alertuser.localkit.emptysample.EmptyFunction;
import dev.alertuser.localkit.fake.FakeCertificate;
import dev.alertuser.localkit.fake.FakeDefender;
import dev.alertuser.localkit.fake.FakeIdentity;
import dev.alertuser.localkit.fake.KeylessStorage;
import dev.alertuser.localkit.host.LocalHost;
import dev.alertuser.localkit.process.HostProcess;
import dev.alertuser.localkit.readingsample.ReadingFunction;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What the first call of a process that nobody warmed up costs: {@code mvn -Plocal -Dexec.mainClass=dev.alertuser.localkit.ColdStart}, more
 * than a minute. Each sample is a local host of its own, without the queues, whose listeners would load the SDK for the functions; the kinds
 * take turns, so that a busy moment of the machine meets all of them. As in Azure, all is over TLS and storage by identity.
 */
public final class ColdStart {
    private static final int SAMPLES = 9;

    private static final String KEPT_ALERT = "kept";

    private ColdStart() {}

    /** What is called. */
    private enum Kind {
        EMPTY("another app, whose function does nothing", 200),
        READING("another app, whose function reads one row as the manual shows", 200),
        REFUSED("a request that is refused", 400),
        KEPT("a cached answer", 200),
        LOOKUP("a new lookup", 200),
        WARMED_UP("a new lookup, after the warm-up", 200);

        private final String title;
        private final int status;

        Kind(String title, int status) {
            this.title = title;
            this.status = status;
        }

        String path(String alertId) {
            return switch (this) {
                case EMPTY -> "/api/empty";
                case READING -> "/api/reading";
                case REFUSED -> "/api/alerts/not.an.id/user";
                case KEPT -> "/api/alerts/" + KEPT_ALERT + "/user";
                case LOOKUP, WARMED_UP -> "/api/alerts/" + alertId + "/user";
            };
        }

        String functions() {
            return switch (this) {
                case EMPTY -> EmptyFunction.class.getPackageName();
                case READING -> ReadingFunction.class.getPackageName();
                case REFUSED, KEPT, LOOKUP, WARMED_UP -> LocalHost.FUNCTIONS;
            };
        }

        /** Whether the local host calls the warm-up trigger or not, whichever it does by itself. */
        Map<String, String> settings() {
            return this == WARMED_UP
                    ? Map.of("LOCAL_HOST_WARM_UP", "true")
                    : Map.of("AzureWebJobs.Warmup.Disabled", "true");
        }
    }

    /** Milliseconds: from the start of the process until it serves, and of its first two calls. */
    private record Sample(long start, long first, long second) {
        long untilAnswer() {
            return start + first;
        }
    }

    /** Needs no arguments. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        Logger.getLogger("").setLevel(Level.OFF);
        Map<Kind, List<Sample>> samples = new EnumMap<>(Kind.class);
        FakeCertificate certificate = FakeCertificate.make(Path.of("target", "certificate", "cold-start"));
        try (KeylessStorage storage = KeylessStorage.start(certificate);
                FakeDefender defender = FakeDefender.startTls(certificate);
                FakeIdentity identity = FakeIdentity.startUserAssigned()) {
            Map<String, String> environment = storage.environment(identity);
            environment.put("DEFENDER_API_URL", defender.url().toString());
            for (String function : List.of("AlertUserRequests", "AlertUserPoison")) {
                environment.put("AzureWebJobs." + function + ".Disabled", "true");
            }
            TableClient table =
                    storage.tables().tableName(ReadingFunction.TABLE).buildClient();
            table.createTable();
            table.createEntity(ReadingFunction.ROW);
            // Not counted: it makes the tables, the row and the cached answer, which are there when a process starts in
            // Azure.
            sample(Kind.LOOKUP, environment, "zero");
            sample(Kind.KEPT, environment, "");
            for (int i = 0; i < SAMPLES; i++) {
                for (Kind kind : Kind.values()) {
                    samples.computeIfAbsent(kind, any -> new ArrayList<>())
                            .add(sample(kind, environment, kind + "-" + i));
                }
            }
        }
        print(samples);
        System.exit(0);
    }

    private static Sample sample(Kind kind, Map<String, String> environment, String name)
            throws IOException, InterruptedException {
        Map<String, String> settings = new HashMap<>(environment);
        settings.putAll(kind.settings());
        long start = System.nanoTime();
        try (HostProcess host = HostProcess.start(settings, Path.of("target", "cold-start.log"), kind.functions())) {
            long ready = millisSince(start);
            HttpClient client = HttpClient.newHttpClient();
            return new Sample(
                    ready,
                    call(client, host.baseUri().resolve(kind.path(name + "-first")), kind.status),
                    call(client, host.baseUri().resolve(kind.path(name + "-second")), kind.status));
        }
    }

    private static long call(HttpClient client, URI uri, int expected) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri).build();
        long start = System.nanoTime();
        int status = client.send(request, BodyHandlers.discarding()).statusCode();
        long millis = millisSince(start);
        if (status != expected) {
            throw new IllegalStateException(uri + " was answered " + status + " and not " + expected);
        }
        return millis;
    }

    private static long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    private static void print(Map<Kind, List<Sample>> samples) {
        System.out.printf(
                "%nMedian / worst of %d processes in ms, and the medians as a multiple of the first line's:%n%n",
                SAMPLES);
        System.out.println("| called | process start to answer | | of it call 1 | call 2 |\n|---|---|---|---|---|");
        List<Sample> empty = samples.get(Kind.EMPTY);
        samples.forEach((kind, taken) -> System.out.printf(
                "| %s | %s | %s | %s | %s |%n",
                kind.title,
                words(taken, Sample::untilAnswer),
                ratio(taken, empty, Sample::untilAnswer),
                words(taken, Sample::first),
                words(taken, Sample::second)));
    }

    private static String words(List<Sample> samples, ToLongFunction<Sample> time) {
        return Math.round(median(samples, time)) + " / "
                + samples.stream().mapToLong(time).max().orElseThrow();
    }

    private static String ratio(List<Sample> samples, List<Sample> base, ToLongFunction<Sample> time) {
        return String.format(Locale.ROOT, "%.2f", median(samples, time) / Math.max(1, median(base, time)));
    }

    private static double median(List<Sample> samples, ToLongFunction<Sample> time) {
        long[] sorted = samples.stream().mapToLong(time).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2.0;
    }
}
