package dev.alertuser.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.data.tables.models.TableEntity;
import dev.alertuser.config.Settings.Storage.ByConnectionString;
import dev.alertuser.localkit.fake.HttpMessage;
import dev.alertuser.localkit.fake.StorageExchange;
import dev.alertuser.localkit.fake.StorageProxy;
import dev.alertuser.tables.StorageTable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The connection pools, against a server that keeps connections busy until the test ends. */
class StorageClientsIT {
    private static final int CONNECTIONS = 100;
    private static final int COUNTER_CONNECTIONS = 8;

    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final StorageProxy storage = StorageProxy.alone(this::hold);
    private final StorageClients clients = new StorageClients(new ByConnectionString(storage.connectionString()));
    private final StorageTable lookups = StorageTable.withRetry(clients.table("Lookups"), Failed::new);
    private final StorageTable counter = StorageTable.withoutRetries(clients.counter("Budget"), Failed::new);

    private static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Failed(String done, Throwable cause) {
            super(done, cause);
        }
    }

    @BeforeEach
    void answerWrites() {
        storage.treat(
                request -> !request.startsWith("GET "),
                exchange -> exchange.answer(HttpMessage.answer(204, "", "ETag", "W/\"1\"")));
    }

    @AfterEach
    void stop() {
        end.countDown();
        storage.close();
        threads.shutdownNow();
    }

    @Test
    void theCounterWorksWhileLookupsHoldAllTheirConnections() throws Exception {
        reads(lookups, CONNECTIONS + 50);
        untilHeld(CONNECTIONS);

        assertThat(counter.insert(new TableEntity("key", "v1")).isLost()).isFalse();
        assertThat(end.getCount()).isOne();
    }

    /** Not the HTTP client's own 45 s. */
    @Test
    void theWaitForAConnectionHasTheTimeoutOfAnAnswer() throws Exception {
        List<CompletableFuture<Void>> reads = reads(lookups, CONNECTIONS + 20);

        untilFailed(reads, 20);
        assertThat(storage.requests()).hasSize(CONNECTIONS);
    }

    @Test
    void tooManyWaitsForAConnectionAreAnOrdinaryFailure() throws Exception {
        int waiting = COUNTER_CONNECTIONS * 10;
        List<CompletableFuture<Void>> reads = reads(counter, COUNTER_CONNECTIONS + waiting + 12);

        untilFailed(reads, 12);
    }

    private List<CompletableFuture<Void>> reads(StorageTable table, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> CompletableFuture.runAsync(() -> table.read("key", "row" + i), threads))
                .toList();
    }

    private void untilHeld(int count) throws InterruptedException {
        for (int i = 0; i < 300 && storage.requests().size() < count; i++) {
            Thread.sleep(100);
        }
        assertThat(storage.requests()).hasSize(count);
    }

    private static void untilFailed(List<CompletableFuture<Void>> reads, int count) throws InterruptedException {
        for (int i = 0; i < 300 && failed(reads).count() < count; i++) {
            Thread.sleep(100);
        }
        assertThat(failed(reads))
                .hasSizeGreaterThanOrEqualTo(count)
                .allSatisfy(read -> assertThat(read)
                        .isCompletedExceptionally()
                        .failsWithin(0, TimeUnit.SECONDS)
                        .withThrowableThat()
                        .withCauseExactlyInstanceOf(Failed.class));
    }

    private static Stream<CompletableFuture<Void>> failed(List<CompletableFuture<Void>> reads) {
        return reads.stream().filter(CompletableFuture::isCompletedExceptionally);
    }

    /** A body that arrives character by character keeps the connection busy without a read timeout. */
    private void hold(StorageExchange exchange) throws IOException, InterruptedException {
        exchange.answer(
                HttpMessage.answer(200, "", "Content-Type", "application/json").with("Content-Length", "1000000"));
        while (!end.await(500, TimeUnit.MILLISECONDS)) {
            exchange.out().write(' ');
        }
    }
}
