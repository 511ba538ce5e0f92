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
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What the first and the hundredth call cost in a new local host, with and without its warm-up: {@code mvn -Plocal
 * -Dexec.mainClass=dev.alertuser.localkit.ColdStart}. Each call asks for another alert, so each costs a permit and a Defender call.
 */
public final class ColdStart {
    private static final int CALLS = 100;

    private ColdStart() {}

    public static void main(String... arguments) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        try (Azurite azurite = Azurite.inMemory();
                FakeDefender defender = FakeDefender.start();
                FakeIdentity identity = FakeIdentity.start()) {
            Map<String, String> environment = new HashMap<>(identity.environment());
            environment.put("AzureWebJobsStorage", azurite.connectionString());
            environment.put("DEFENDER_API_URL", defender.url().toString());
            defender.limit(new FakeDefender.Limit(2 * CALLS, Duration.ofMinutes(1)));
            System.out.println(
                    "\n| host | start | first bad request | first call | 100th call |\n|---|---|---|---|---|");
            measure("with warm-up", environment, "with");
            environment.put("AzureWebJobs.Warmup.Disabled", "true");
            measure("without warm-up", environment, "without");
        }
        System.exit(0);
    }

    private static void measure(String name, Map<String, String> environment, String key)
            throws IOException, InterruptedException {
        environment.put("RATE_LIMIT_KEY", key);
        long start = System.nanoTime();
        try (HostProcess host = HostProcess.start(environment, Path.of("target", "cold-start-" + key + ".log"))) {
            long ready = millisSince(start);
            HttpClient client = HttpClient.newHttpClient();
            long bad = call(client, host.baseUri(), "not.an.id", 400);
            long first = call(client, host.baseUri(), key + "-1", 200);
            long last = first;
            for (int i = 2; i <= CALLS; i++) {
                last = call(client, host.baseUri(), key + "-" + i, 200);
            }
            System.out.printf("| %s | %d ms | %d ms | %d ms | %d ms |%n", name, ready, bad, first, last);
        }
    }

    private static long call(HttpClient client, URI host, String alertId, int status)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(host.resolve("/api/alerts/" + alertId + "/user"))
                .build();
        long start = System.nanoTime();
        int answered = client.send(request, BodyHandlers.discarding()).statusCode();
        long millis = millisSince(start);
        if (answered != status) {
            throw new IllegalStateException(alertId + " was answered " + answered + ", not " + status);
        }
        return millis;
    }

    private static long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
