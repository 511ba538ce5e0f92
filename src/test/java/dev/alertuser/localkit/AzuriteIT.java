package dev.alertuser.localkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.util.Context;
import com.azure.data.tables.TableServiceClientBuilder;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueClientBuilder;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AzuriteIT {

    @Test
    void servesQueuesAndTablesOnFreePorts() {
        try (Azurite azurite = Azurite.inMemory()) {
            QueueClient queue = queue(azurite);
            queue.create();
            queue.sendMessage("hello");
            new TableServiceClientBuilder()
                    .connectionString(azurite.connectionString())
                    .buildClient()
                    .createTable("greetings");

            assertThat(queue.receiveMessage().getBody()).hasToString("hello");
        }
    }

    @Test
    void keepsItsDataAndPortsOverAnOutage(@TempDir Path location) {
        try (Azurite azurite = Azurite.at(location)) {
            QueueClient queue = queue(azurite);
            queue.create();
            queue.sendMessage("hello");

            azurite.stop();
            assertThatThrownBy(queue::peekMessage).hasStackTraceContaining("Connection refused");

            azurite.start();
            assertThat(queue.receiveMessage().getBody()).hasToString("hello");
        }
    }

    @Test
    void answersNothingWhilePaused() {
        try (Azurite azurite = Azurite.inMemory()) {
            QueueClient queue = queue(azurite);
            queue.create();

            azurite.pause();
            assertThatThrownBy(() -> queue.getPropertiesWithResponse(Duration.ofSeconds(1), Context.NONE))
                    .hasStackTraceContaining("TimeoutException");

            azurite.resume();
            assertThat(queue.peekMessage()).isNull();
        }
    }

    @Test
    void saysWhatAzuriteSaidWhenAPortIsTaken(@TempDir Path location) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Azurite.Ports ports = new Azurite.Ports(0, taken.getLocalPort(), 0);

            assertThatThrownBy(() -> Azurite.at(location, ports))
                    .hasMessageStartingWith("Azurite ended early.")
                    .hasMessageContaining("EADDRINUSE: address already in use 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void endsWhenItsStandardInputDoes() throws Exception {
        Process azurite = new ProcessBuilder(
                        "node",
                        "--require",
                        AzuriteInstallation.endOnce().toString(),
                        AzuriteInstallation.script().toString(),
                        "--inMemoryPersistence",
                        "--blobPort",
                        "0",
                        "--queuePort",
                        "0",
                        "--tablePort",
                        "0")
                .start();
        try {
            azurite.getOutputStream().close();

            assertThat(azurite.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            azurite.destroyForcibly();
        }
    }

    private static QueueClient queue(Azurite azurite) {
        return new QueueClientBuilder()
                .connectionString(azurite.connectionString())
                .queueName("greetings")
                .retryOptions(new RequestRetryOptions(RetryPolicyType.FIXED, 1, 5, null, null, null))
                .buildClient();
    }
}
