package dev.alertuser.ratelimit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.http.netty.NettyAsyncHttpClientBuilder;
import com.azure.data.tables.TableClientBuilder;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.counter.CounterCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers without what the counter needs, and lost races. */
class TableCounterStoreTest {
    private static final String ETAG = "W/\"1\"";
    private static final Counter ONE = CounterStoreContract.ONE;

    private HttpServer server;

    /** Nanoseconds by which the monotonic clock is ahead. */
    private volatile long jump;

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
        return new TableCounterStore(table, new StorageClock(() -> System.nanoTime() + jump), "key");
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void readsTheCounterAndItsETag() {
        String bytes = Base64.getEncoder().encodeToString(CounterCodec.encode(ONE));
        TableCounterStore store = answering(exchange -> answer(
                exchange,
                200,
                "application/json",
                "{\"odata.etag\":\"W/\\\"1\\\"\",\"PartitionKey\":\"key\",\"RowKey\":\"v1\",\"Counter@odata.type\":\"Edm.Binary\",\"Counter\":\""
                        + bytes + "\"}"));

        assertThat(store.read()).isEqualTo(new CounterStore.Row(ONE, ETAG));
    }

    @Test
    void readsARowWithoutACounterAsCorrupt() {
        TableCounterStore store = answering(exchange -> answer(
                exchange,
                200,
                "application/json",
                "{\"odata.etag\":\"W/\\\"1\\\"\",\"PartitionKey\":\"key\",\"RowKey\":\"v1\",\"Counter\":\"text\"}"));

        assertThat(store.read()).isEqualTo(new CounterStore.Row(null, ETAG));
    }

    @Test
    void insertsWithoutAnETagAndReplacesWithOne() {
        List<String> requests = new ArrayList<>();
        TableCounterStore store = answering(exchange -> {
            requests.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("If-Match"));
            exchange.getResponseHeaders().set("ETag", ETAG);
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });

        assertThat(store.replace(ONE, null)).isEqualTo(new CounterStore.Write(ETAG, true));
        assertThat(store.replace(ONE, ETAG)).isEqualTo(new CounterStore.Write(ETAG, true));

        assertThat(requests).containsExactly("POST null", "PUT " + ETAG);
    }

    @Test
    void aWriteWhoseDateContradictsTheClockIsNotTimely() {
        TableCounterStore store = answering(exchange -> {
            exchange.getResponseHeaders().set("ETag", ETAG);
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        store.replace(ONE, ETAG);
        jump = Duration.ofHours(1).toNanos();

        assertThat(store.replace(ONE, ETAG).timely()).isFalse();
    }
}
