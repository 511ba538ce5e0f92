package dev.alertuser.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.data.tables.TableClientBuilder;
import com.azure.data.tables.models.TableEntity;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors of the table service, by status and code. */
class StorageTableTest {
    private static final String ETAG = "W/\"1\"";

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private StorageTable table;

    /** The exception of the tests' port. */
    private static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Failed(String done, Throwable cause) {
            super(done, cause);
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        table = StorageTable.withRetry(
                new TableClientBuilder()
                        .connectionString("DefaultEndpointsProtocol=http;AccountName=account;AccountKey=a2V5;"
                                + "TableEndpoint=http://127.0.0.1:"
                                + server.getAddress().getPort() + "/account;")
                        .tableName("Table"),
                Failed::new);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource({"404, ResourceNotFound", "409, EntityAlreadyExists", "412, UpdateConditionNotSatisfied"})
    void aLostRaceIsAValue(int status, String code) {
        answering("/account/Table(", status, code);

        assertThat(table.replace(entity(), ETAG).isLost()).isTrue();
    }

    /** Deleting a table takes the service a minute: that is an outage, and no race that a retry could win. */
    @Test
    void aTableBeingDeletedIsNoLostRace() {
        answering("/account/Table", 409, "TableBeingDeleted");

        assertThatThrownBy(() -> table.replace(entity(), ETAG)).hasMessage("written");
        assertThatThrownBy(() -> table.insert(entity())).hasMessage("written");
        assertThatThrownBy(() -> table.put(entity())).hasMessage("written");
        assertThatThrownBy(() -> table.read("key", "row")).hasMessage("read");
        assertThatThrownBy(() -> table.delete("PartitionKey eq 'key'")).hasMessage("deleted");
    }

    @Test
    void creatingATableThatIsBeingDeletedIsAFailure() {
        answering("/account/Table", 404, "TableNotFound");
        answering("/account/Tables", 409, "TableBeingDeleted");

        assertThatThrownBy(() -> table.put(entity()))
                .hasMessage("written")
                .rootCause()
                .hasMessageContaining("TableBeingDeleted");
        assertThatThrownBy(() -> table.insert(entity())).hasMessage("written");
    }

    @Test
    void aTableCreatedByAnotherInstanceIsNoFailure() {
        answering("/account/Table", 404, "TableNotFound");
        answering("/account/Tables", 409, "TableAlreadyExists");

        assertThat(table.insert(entity()).isLost()).isTrue();
        assertThat(requests).containsExactly("POST /account/Table", "POST /account/Tables", "POST /account/Table");
    }

    /** A proxy's 404 does not mean a missing row, and a counter that is taken for missing starts empty. */
    @Test
    void a404OfAProxyIsNoMissingRow() {
        server.createContext("/", exchange -> answer(exchange, 404, "text/html", "<html>not here</html>"));

        assertThatThrownBy(() -> table.read("key", "row")).hasMessage("read");
        assertThatThrownBy(() -> table.delete("PartitionKey eq 'key'")).hasMessage("deleted");
    }

    @Test
    void aConditionalWriteIsNotRetried() {
        answering("/account/Table", 503, "ServerBusy");

        assertThatThrownBy(() -> table.replace(entity(), ETAG)).hasMessage("written");
        assertThatThrownBy(() -> table.insert(entity())).hasMessage("written");
        assertThat(requests).hasSize(2);
    }

    @Test
    void otherRequestsAreRetriedOnce() {
        answering("/account/Table", 503, "ServerBusy");

        assertThatThrownBy(() -> table.put(entity())).hasMessage("written");
        assertThatThrownBy(() -> table.read("key", "row")).hasMessage("read");
        assertThat(requests).hasSize(4);
    }

    @Test
    void anAnswerWithoutAnETagIsAFailure() {
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });

        assertThatThrownBy(() -> table.replace(entity(), ETAG)).hasRootCauseMessage("the table's answer has no ETag");
    }

    private static TableEntity entity() {
        return new TableEntity("key", "row");
    }

    private void answering(String path, int status, String code) {
        String body = "{\"odata.error\":{\"code\":\"" + code + "\",\"message\":{\"value\":\"" + code + "\"}}}";
        server.createContext(path, exchange -> answer(exchange, status, "application/json", body));
    }

    private void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        requests.add(
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
        exchange.getRequestBody().readAllBytes();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
