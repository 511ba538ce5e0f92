package dev.alertuser.localkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
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
        assertThat(directory.resolve("host.log")).content().contains("Warmup failed", "Environment succeeded");
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
        return HostProcess.start(ENVIRONMENT, directory.resolve("host.log"), port, SAMPLES);
    }

    private static String get(URI uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }
}
