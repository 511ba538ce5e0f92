package dev.alertuser.localkit;

import dev.alertuser.localkit.fake.FakeDefender;
import dev.alertuser.localkit.fake.FakeIdentity;
import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.localkit.process.HostProcess;
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
 * What the first two calls of a new process cost: {@code mvn -Plocal -Dexec.mainClass=dev.alertuser.localkit.ColdStart}, about two minutes.
 * Each sample is a local host of its own that no request has reached before; the kinds take turns, so that a busy moment of the machine meets
 * all of them. Each call asks for another alert, so each costs a permit and a Defender call. All is on loopback and without TLS.
 */
public final class ColdStart {
    private static final int SAMPLES = 10;

    private ColdStart() {}

    /** What is called, and after what. */
    private enum Kind {
        /** The host and the edge of the app, and nothing behind it. */
        EMPTY("a function that does nothing (`health/live`)", false) {
            @Override
            String path(String alertId) {
                return "/api/health/live";
            }
        },
        COLD("a lookup, without warm-up", false),
        WARMED_UP("a lookup, after the warm-up", true);

        private final String title;
        private final boolean warmUp;

        Kind(String title, boolean warmUp) {
            this.title = title;
            this.warmUp = warmUp;
        }

        String path(String alertId) {
            return "/api/alerts/" + alertId + "/user";
        }

        /** Whether the local host calls the warm-up trigger or not, whichever it does by itself. */
        Map<String, String> settings() {
            return warmUp ? Map.of("LOCAL_HOST_WARM_UP", "true") : Map.of("AzureWebJobs.Warmup.Disabled", "true");
        }
    }

    /** Milliseconds: from the start of the process until it serves, and of its first two calls. */
    private record Sample(long start, long first, long second) {}

    /** Needs no arguments. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        Logger.getLogger("").setLevel(Level.OFF);
        Map<Kind, List<Sample>> samples = new EnumMap<>(Kind.class);
        try (Azurite azurite = Azurite.inMemory();
                FakeDefender defender = FakeDefender.start();
                FakeIdentity identity = FakeIdentity.start()) {
            Map<String, String> environment = new HashMap<>(identity.environment());
            environment.put("AzureWebJobsStorage", azurite.connectionString());
            environment.put("DEFENDER_API_URL", defender.url().toString());
            // Not counted: it makes the tables and the row, which are there when a process starts in Azure.
            sample(Kind.COLD, environment, "zero");
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
        try (HostProcess host = HostProcess.start(settings, Path.of("target", "cold-start.log"))) {
            long ready = millisSince(start);
            HttpClient client = HttpClient.newHttpClient();
            return new Sample(
                    ready,
                    call(client, host.baseUri().resolve(kind.path(name + "-first"))),
                    call(client, host.baseUri().resolve(kind.path(name + "-second"))));
        }
    }

    private static long call(HttpClient client, URI uri) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri).build();
        long start = System.nanoTime();
        int status = client.send(request, BodyHandlers.discarding()).statusCode();
        long millis = millisSince(start);
        if (status != 200) {
            throw new IllegalStateException(uri + " was answered " + status);
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
        System.out.println("| called | start | call 1 | | call 2 | |\n|---|---|---|---|---|---|");
        List<Sample> empty = samples.get(Kind.EMPTY);
        samples.forEach((kind, taken) -> System.out.printf(
                "| %s | %s | %s | %s | %s | %s |%n",
                kind.title,
                words(taken, Sample::start),
                words(taken, Sample::first),
                ratio(taken, empty, Sample::first),
                words(taken, Sample::second),
                ratio(taken, empty, Sample::second)));
    }

    private static String words(List<Sample> samples, ToLongFunction<Sample> time) {
        return Math.round(median(samples, time)) + " / "
                + samples.stream().mapToLong(time).max().orElseThrow();
    }

    private static String ratio(List<Sample> samples, List<Sample> base, ToLongFunction<Sample> time) {
        return String.format(Locale.ROOT, "%.1f", median(samples, time) / Math.max(1, median(base, time)));
    }

    private static double median(List<Sample> samples, ToLongFunction<Sample> time) {
        long[] sorted = samples.stream().mapToLong(time).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2.0;
    }
}
