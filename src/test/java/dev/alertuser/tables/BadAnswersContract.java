package dev.alertuser.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.azure.core.http.HttpClient;
import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.config.StorageHttpClient;
import dev.alertuser.localkit.fake.StorageProxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** For any bad answer of storage an adapter throws the exception of its port, and never an {@link Error}. */
public abstract class BadAnswersContract {
    /** The app's own client, with less patience. */
    public static final HttpClient HTTP = StorageHttpClient.create("test", 100, Duration.ofSeconds(2));

    /** Far beyond what any operation may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static ExecutorService threads;

    private final Class<? extends Throwable> failure;

    /** @param failure the exception of the port */
    protected BadAnswersContract(Class<? extends Throwable> failure) {
        this.failure = failure;
    }

    /** All operations of the adapter, by name; each takes the connection string of an account. */
    protected abstract Map<String, Consumer<String>> operations();

    /** The most attempts that the adapter makes for one request. */
    protected abstract int attempts(BadAnswer answer, String operation);

    protected static TableClientBuilder table(String connectionString) {
        return new TableClientBuilder()
                .connectionString(connectionString)
                .tableName("Table")
                .httpClient(HTTP);
    }

    @BeforeAll
    static void start() {
        threads = Executors.newCachedThreadPool();
    }

    @AfterAll
    static void stop() {
        threads.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource
    void aBadAnswerIsTheFailureOfThePort(BadAnswer answer) {
        forEachOperation((name, operation) -> {
            try (StorageProxy storage = StorageProxy.alone(answer)) {
                assertFails(name, operation, storage.connectionString());
                assertThat(storage.requests()).as("requests of " + name).hasSizeBetween(1, attempts(answer, name));
            }
        });
    }

    @Test
    void aMissingServerIsTheFailureOfThePort() {
        StorageProxy storage = StorageProxy.alone(BadAnswer.RESET);
        storage.close();

        forEachOperation((name, operation) -> assertFails(name, operation, storage.connectionString()));
    }

    /** At the same time, since each takes as long as the client is patient. */
    private void forEachOperation(BiConsumer<String, Consumer<String>> check) {
        List<CompletableFuture<Void>> checks = operations().entrySet().stream()
                .map(operation -> CompletableFuture.runAsync(
                        () -> check.accept(operation.getKey(), operation.getValue()), threads))
                .toList();
        assertThat(CompletableFuture.allOf(checks.toArray(CompletableFuture[]::new)))
                .succeedsWithin(PATIENCE);
    }

    private void assertFails(String name, Consumer<String> operation, String connectionString) {
        assertThat(catchThrowable(() -> operation.accept(connectionString)))
                .as(name)
                .isExactlyInstanceOf(failure);
    }
}
