package dev.alertuser.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.credential.AccessToken;
import com.azure.core.http.policy.FixedDelay;
import com.azure.core.http.policy.RetryPolicy;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.models.TableEntity;
import dev.alertuser.config.Settings.Storage.ByConnectionString;
import dev.alertuser.config.Settings.Storage.ByIdentity;
import dev.alertuser.endtoend.AppTables;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

class StorageClientsTest {
    private final AtomicInteger requests = new AtomicInteger();

    /**
     * Not even by the HTTP client itself, as in its older versions: a write that landed would be sent again and lose the race against
     * itself.
     */
    @Test
    void aRequestWhoseConnectionBreaksIsNotRepeated() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> breakConnections(server));
            thread.setDaemon(true);
            thread.start();
            TableClient table = AppTables.table(
                            "DefaultEndpointsProtocol=http;AccountName=account;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:"
                                    + server.getLocalPort() + "/account;",
                            "Table")
                    .retryPolicy(new RetryPolicy(new FixedDelay(0, Duration.ofMillis(1))))
                    .buildClient();

            assertThatThrownBy(() -> table.getEntity("key", "row")).isInstanceOf(RuntimeException.class);
            assertThatThrownBy(() -> table.createEntity(new TableEntity("key", "row")))
                    .isInstanceOf(RuntimeException.class);
            assertThat(requests).hasValue(2);
        }
    }

    /** The SDK's own messages may repeat the malformed value, which may be a key. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "PASSWORD",
                "AccountName=a;AccountKey=a2V5;TableEndpoint=not a url PASSWORD;QueueEndpoint=not a url PASSWORD",
                "https://a.table.core.windows.net?sig=PASSWORD"
            })
    void aMalformedConnectionStringIsNamedButNeverShown(String malformed) {
        StorageClients clients = new StorageClients(new ByConnectionString(malformed));

        for (ThrowingCallable build : List.<ThrowingCallable>of(
                () -> clients.table("Table").buildClient(),
                () -> clients.counter("Table").buildClient(),
                () -> clients.queue("queue"),
                () -> clients.gauge("queue"))) {
            assertThatThrownBy(build)
                    .isInstanceOf(SettingsException.class)
                    .hasMessageStartingWith("AzureWebJobsStorage must be the connection string")
                    .hasMessageNotContaining("PASSWORD")
                    .hasNoCause();
        }
    }

    /** Accounts of Azurite share a host. A trailing slash is not doubled. */
    @ParameterizedTest
    @ValueSource(strings = {"", "/"})
    void theAccountsPathIsPartOfTheAddress(String end) {
        StorageClients clients = new StorageClients(new ByIdentity(
                URI.create("https://127.0.0.1:10002/account1" + end),
                URI.create("https://127.0.0.1:10001/account1" + end),
                null));

        List<String> urls = new ArrayList<>();
        TableClient table = clients.table("Table")
                .credential(scope -> Mono.just(new AccessToken("token", OffsetDateTime.MAX)))
                .httpClient(request -> {
                    urls.add(request.getUrl().toString());
                    return Mono.error(new IOException("no answer"));
                })
                .retryPolicy(new RetryPolicy(new FixedDelay(0, Duration.ofMillis(1))))
                .buildClient();

        assertThatThrownBy(() -> table.getEntity("key", "row")).isInstanceOf(RuntimeException.class);

        assertThat(urls)
                .singleElement()
                .asString()
                .startsWith("https://127.0.0.1:10002/account1/Table(PartitionKey='key',RowKey='row')");
        assertThat(clients.queue("queue").getQueueUrl()).isEqualTo("https://127.0.0.1:10001/account1/queue");
    }

    private void breakConnections(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket connection = server.accept()) {
                connection.setSoLinger(true, 0);
                readHead(connection.getInputStream());
                requests.incrementAndGet();
            } catch (IOException e) {
                // Accept the next one.
            }
        }
    }

    private static void readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.append((char) next);
        }
    }
}
