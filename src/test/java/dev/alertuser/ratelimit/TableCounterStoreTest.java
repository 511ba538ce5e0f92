package dev.alertuser.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.http.netty.NettyAsyncHttpClientBuilder;
import com.azure.data.tables.TableClientBuilder;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of answers that no healthy table gives. */
class TableCounterStoreTest {
    private static final String ETAG = "W/\"1\"";

    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({
        "503, application/json, '{\"odata.error\":{\"code\":\"ServerBusy\",\"message\":{\"value\":\"busy\"}}}'",
        "503, application/xml, <Error><Code>ServerBusy</Code></Error>",
        "503, text/html, <html>busy</html>",
        "500, application/json, '{\"odata.error\":{\"code\":\"OperationTimedOut\",\"message\":{\"value\":\"late\"}}}'",
        "500, application/json, not JSON",
        "403, application/json, '{\"odata.error\":{\"code\":\"AuthorizationFailure\",\"message\":{\"value\":\"no\"}}}'",
        "200, application/json, not JSON",
        "302, text/plain, elsewhere"
    })
    void anErrorIsAnOutageAndNothingIsSentTwice(int status, String type, String body) {
        TableCounterStore store = answering(exchange -> answer(exchange, status, type, body));

        assertThatThrownBy(store::read).isInstanceOf(CounterUnavailableException.class);
        assertThatThrownBy(() -> store.replace(Counter.EMPTY, ETAG)).isInstanceOf(CounterUnavailableException.class);
        assertThatThrownBy(() -> store.replace(Counter.EMPTY, null)).isInstanceOf(CounterUnavailableException.class);
        assertThat(requests).hasValue(3);
    }

    @Test
    void noAnswerInTimeIsAnOutageAndNothingIsSentTwice() {
        TableCounterStore store = answering(exchange -> await(end));

        assertThatThrownBy(store::read).isInstanceOf(CounterUnavailableException.class);
        assertThatThrownBy(() -> store.replace(Counter.EMPTY, ETAG)).isInstanceOf(CounterUnavailableException.class);
        assertThat(requests).hasValue(2);
    }

    @Test
    void aConnectionThatBreaksIsAnOutage() {
        TableCounterStore store = answering(HttpExchange::close);

        assertThatThrownBy(store::read).isInstanceOf(CounterUnavailableException.class);
        assertThatThrownBy(() -> store.replace(Counter.EMPTY, ETAG)).isInstanceOf(CounterUnavailableException.class);
    }

    @Test
    void aConnectionThatIsRefusedIsAnOutage() {
        TableCounterStore store = answering(exchange -> {});
        server.stop(0);

        assertThatThrownBy(store::read).isInstanceOf(CounterUnavailableException.class);
        assertThatThrownBy(() -> store.replace(Counter.EMPTY, ETAG)).isInstanceOf(CounterUnavailableException.class);
    }

    @Test
    void anAnswerWithoutAnETagIsAnOutage() {
        TableCounterStore store = answering(exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });

        assertThatThrownBy(() -> store.replace(Counter.EMPTY, ETAG)).hasMessage("the table's answer has no ETag");
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 409, 412})
    void aLostRaceIsAValue(int status) {
        TableCounterStore store = answering(exchange -> answer(exchange, status, "application/json", "{}"));

        assertThat(store.replace(Counter.EMPTY, ETAG)).isEqualTo(CounterStore.Write.LOST);
    }

    private TableCounterStore answering(HttpHandler handler) {
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
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

    private static void await(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
