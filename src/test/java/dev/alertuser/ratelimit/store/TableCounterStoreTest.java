package dev.alertuser.ratelimit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.http.netty.NettyAsyncHttpClientBuilder;
import com.azure.data.tables.TableClientBuilder;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.alertuser.ratelimit.counter.Counter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers without what the counter needs, and lost races. */
class TableCounterStoreTest {
    private static final String ETAG = "W/\"1\"";

    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void anAnswerWithoutAnETagIsAnOutage() {
        TableCounterStore store = answering(exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });

        assertThatThrownBy(() -> store.replace(Counter.EMPTY, ETAG))
                .isInstanceOf(CounterUnavailableException.class)
                .hasRootCauseMessage("the table's answer has no ETag");
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 409, 412})
    void aLostRaceIsAValue(int status) {
        TableCounterStore store = answering(exchange -> answer(exchange, status, "application/json", "{}"));

        assertThat(store.replace(Counter.EMPTY, ETAG)).isEqualTo(CounterStore.Write.LOST);
    }

    private TableCounterStore answering(HttpHandler handler) {
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            handler.handle(exchange);
        });
        String endpoint = "http://127.0.0.1:" + server.getAddress().getPort() + "/account";
        TableClientBuilder table = new TableClientBuilder()
                .connectionString("DefaultEndpointsProtocol=http;AccountName=account;AccountKey=a2V5;TableEndpoint="
                        + endpoint + ";")
                .tableName("Table")
                .httpClient(new NettyAsyncHttpClientBuilder()
                        .responseTimeout(Duration.ofMillis(500))
                        .build());
        return new TableCounterStore(table, new StorageClock(System::nanoTime), "key");
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
