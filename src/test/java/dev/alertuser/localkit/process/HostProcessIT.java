package dev.alertuser.localkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alertuser.localkit.host.settings.HostSettings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostProcessIT {
    private static final String SAMPLES = "dev.alertuser.localkit.host.httpsamples";
    private static final Map<String, String> ENVIRONMENT = Map.of("PART", "part", "SAMPLE", "seen");

    @TempDir
    Path directory;

    @Test
    void servesUntilItIsClosed() throws Exception {
        URI uri;
        try (HostProcess host = start(0)) {
            uri = host.baseUri().resolve("/api/environment?name=SAMPLE");

            assertThat(get(uri)).as("a setting in the functions' environment").isEqualTo("seen");
            assertThat(get(host.baseUri().resolve("/api/environment?name=FUNCTIONS_WORKER_RUNTIME")))
                    .as("a value of local.settings.json there")
                    .isEqualTo("java");
        }
        assertThatThrownBy(() -> get(uri)).isInstanceOf(ConnectException.class);
        assertThat(directory.resolve("host.log"))
                .content()
                .as("it starts cold, as the platform does but for a scale-out")
                .contains("Environment succeeded")
                .doesNotContain("Warmup");
    }

    @Test
    void itsLogHoldsWhatAFunctionSaidBeforeItsAnswer() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        try (HostProcess host = start(0)) {
            for (int i = 0; i < 500; i++) {
                HttpRequest request = HttpRequest.newBuilder(host.baseUri().resolve("/api/environment?name=V" + i))
                        .build();
                client.send(request, BodyHandlers.discarding());

                assertThat(directory.resolve("host.log")).content().contains("asked for V" + i + ".");
            }
        }
    }

    @Test
    void warmsUpWhenItIsToldTo() {
        HostProcess.start(
                        Map.of("PART", "part", HostSettings.WARM_UP, "true"),
                        directory.resolve("host.log"),
                        0,
                        SAMPLES,
                        notice -> {})
                .close();

        assertThat(directory.resolve("host.log")).content().contains("Warmup failed");
    }

    @Test
    void startsAgainOnItsPortAfterTheEndOfItsWorker() throws Exception {
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        environment.put("AzureFunctionsJobHost__functionTimeout", "00:00:01");
        try (HostProcess host =
                HostProcess.start(environment, directory.resolve("host.log"), 0, SAMPLES, notice -> {})) {
            long first = host.pid();

            HttpResponse<String> hung = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(host.baseUri().resolve("/api/hanging"))
                                    .build(),
                            BodyHandlers.ofString());

            assertThat(hung.statusCode()).isEqualTo(500);
            assertThat(awaitAnswer(host.baseUri().resolve("/api/environment?name=SAMPLE"), first, host))
                    .isEqualTo("seen");
            assertThat(host.onEnd()).isNotDone();
        }
    }

    private String awaitAnswer(URI uri, long otherThan, HostProcess host) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            assertThat(System.nanoTime())
                    .as(
                            "no second process answers; the first was %s, now it is %s. Its log:%n%s",
                            otherThan, host.pid(), Files.readString(directory.resolve("host.log")))
                    .isLessThan(deadline);
            if (host.pid() != otherThan) {
                try {
                    return get(uri);
                } catch (ConnectException e) {
                    // It does not listen yet.
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    @Test
    void waitsForRunningCallsAndSaysSo() throws Exception {
        List<String> notices = new CopyOnWriteArrayList<>();
        Path log = directory.resolve("host.log");
        CompletableFuture<HttpResponse<String>> answer;
        try (HostProcess host = HostProcess.start(ENVIRONMENT, log, 0, SAMPLES, notices::add)) {
            URI uri = host.baseUri().resolve("/api/slow");
            answer = HttpClient.newHttpClient()
                    .sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            while (!Files.readString(log).contains("begins")) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("done");
        assertThat(notices).containsExactly("The Functions host waits for running calls, at most 8 s: 1");
    }

    @Test
    void leavesCtrlCToTheJvmThatStartedIt() throws Exception {
        try (HostProcess host = start(0)) {
            new ProcessBuilder("kill", "-INT", "" + host.pid()).start().waitFor();

            assertThat(host.onEnd()).as("end").failsWithin(Duration.ofSeconds(1));
        }
    }

    @Test
    void passesTheEnvironmentOnOverLocalSettings() throws Exception {
        try (HostProcess host = HostProcess.start(
                Map.of("PART", "part", "DEFENDER_API_URL", "http://localhost:1"),
                directory.resolve("host.log"),
                0,
                SAMPLES,
                notice -> {})) {
            URI uri = host.baseUri().resolve("/api/environment?name=");

            assertThat(get(URI.create(uri + "PATH")))
                    .as("a variable of this JVM's environment")
                    .isEqualTo(System.getenv("PATH"));
            assertThat(get(URI.create(uri + "DEFENDER_API_URL")))
                    .as("one that local.settings.json has, too")
                    .isEqualTo("http://localhost:1");
        }
    }

    @Test
    void endsAtOnceWhenItIsKilled() {
        HostProcess host = start(0);

        host.kill();

        assertThatThrownBy(() -> get(host.baseUri())).isInstanceOf(ConnectException.class);
        host.close();
    }

    @Test
    void saysWhatTheHostSaidWhenItDoesNotStart() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> start(taken.getLocalPort()))
                    .hasMessageStartingWith("the local host ended early. It said:\n")
                    .hasMessageContaining(
                            "port " + taken.getLocalPort() + ", which the local Functions host wants, is taken");
        }
    }

    private HostProcess start(int port) {
        return HostProcess.start(ENVIRONMENT, directory.resolve("host.log"), port, SAMPLES, notice -> {});
    }

    private static String get(URI uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }
}
