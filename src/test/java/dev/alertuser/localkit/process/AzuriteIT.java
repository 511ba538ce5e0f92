package dev.alertuser.localkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.util.Context;
import com.azure.data.tables.TableServiceClientBuilder;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueClientBuilder;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
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
        Process azurite = byHand().start();
        try {
            azurite.getOutputStream().close();

            assertThat(azurite.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            azurite.destroyForcibly();
        }
    }

    @Test
    void startsWithoutAPipeAsItsStandardInput(@TempDir Path directory) throws Exception {
        File empty = Files.createFile(directory.resolve("empty")).toFile();
        Process azurite = byHand().redirectInput(empty).start();
        try {
            awaitStart(azurite);

            assertThat(azurite.isAlive()).isTrue();
        } finally {
            azurite.destroyForcibly();
        }
    }

    @Test
    void leavesCtrlCToTheJvmThatStartedIt() throws Exception {
        Process azurite = byHand().start();
        try {
            awaitStart(azurite);

            new ProcessBuilder("kill", "-INT", "" + azurite.pid()).start().waitFor();
            assertThat(azurite.waitFor(1, TimeUnit.SECONDS)).as("ended").isFalse();

            azurite.destroy();
            assertThat(azurite.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            azurite.destroyForcibly();
        }
    }

    private static ProcessBuilder byHand() {
        return new ProcessBuilder(
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
                .redirectErrorStream(true);
    }

    private static void awaitStart(Process azurite) {
        String last = "Azurite Table service is successfully listening";
        assertThat(azurite.inputReader()
                        .lines()
                        .filter(line -> line.startsWith(last))
                        .findFirst())
                .as("Azurite's last line when it starts")
                .isPresent();
    }

    private static QueueClient queue(Azurite azurite) {
        return new QueueClientBuilder()
                .connectionString(azurite.connectionString())
                .queueName("greetings")
                .retryOptions(new RequestRetryOptions(RetryPolicyType.FIXED, 1, 5, null, null, null))
                .buildClient();
    }
}
