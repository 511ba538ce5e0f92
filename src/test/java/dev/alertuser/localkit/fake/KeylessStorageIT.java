package dev.alertuser.localkit.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.Context;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.models.TableEntity;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueServiceClientBuilder;
import dev.alertuser.localkit.process.Azurite;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As strict as the account in Azure, so that a test that runs against it can fail. */
class KeylessStorageIT {
    @TempDir
    static Path directory;

    private static KeylessStorage storage;

    @BeforeAll
    static void start() throws Exception {
        storage = KeylessStorage.start(FakeCertificate.make(directory));
    }

    @AfterAll
    static void stop() {
        storage.close();
    }

    @Test
    void servesQueuesAndTables() {
        QueueClient queue = storage.queues().queueName("greetings").buildClient();
        queue.create();
        queue.sendMessage("hello");
        TableClient table = storage.tables().tableName("greetings").buildClient();
        table.createTable();
        table.createEntity(new TableEntity("hello", "world"));

        assertThat(queue.receiveMessage().getBody()).hasToString("hello");
        assertThat(table.listEntities()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "https://storage.azure.com, 60, 200",
        "https://storage.azure.com, -60, 403",
        "https://api.securitycenter.microsoft.com, 60, 403",
        "https://graph.microsoft.com, 60, 403"
    })
    void takesATokenForStorageWhileItLives(String audience, int seconds, int status) {
        String token = new FakeToken(audience, List.of(), Instant.now().plusSeconds(seconds)).signed();

        assertThat(get(storage.tableService() + "/Tables", token)).as("tables").isEqualTo(status);
        assertThat(get(storage.queueService() + "?comp=list", token))
                .as("queues")
                .isEqualTo(status);
    }

    @Test
    void refusesTheKeyThatEveryoneKnows() {
        String published = Azurite.connectionString(Azurite.Ports.DEFAULT)
                .replaceFirst("QueueEndpoint=[^;]*", "QueueEndpoint=" + storage.queueService());

        assertThatThrownBy(() -> new QueueServiceClientBuilder()
                        .connectionString(published)
                        .httpClient(storage.http())
                        .buildClient()
                        .createQueue("refused"))
                .hasMessageContaining("InvalidAuthenticationInfo");
    }

    private static int get(String url, String token) {
        HttpRequest request = new HttpRequest(HttpMethod.GET, url)
                .setHeader(HttpHeaderName.ACCEPT, "application/json;odata=minimalmetadata")
                .setHeader(HttpHeaderName.AUTHORIZATION, "Bearer " + token);
        try (HttpResponse response = storage.http().sendSync(request, Context.NONE)) {
            return response.getStatusCode();
        }
    }
}
