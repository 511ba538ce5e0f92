package dev.alertuser.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.azure.core.http.HttpClient;
import com.azure.core.http.netty.NettyAsyncHttpClientBuilder;
import com.azure.data.tables.TableClientBuilder;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** For any bad answer of storage an adapter throws the exception of its port, and never an {@link Error}. */
public abstract class BadAnswersContract {
    /** Like the app's own client, with short timeouts. */
    protected static final HttpClient HTTP = new NettyAsyncHttpClientBuilder(
                    reactor.netty.http.client.HttpClient.create().disableRetry(true))
            .connectTimeout(Duration.ofMillis(500))
            .responseTimeout(Duration.ofMillis(500))
            .build();

    private final Class<? extends Throwable> failure;

    /** @param failure the exception of the port */
    protected BadAnswersContract(Class<? extends Throwable> failure) {
        this.failure = failure;
    }

    /** All operations of the adapter, by name. */
    protected abstract Map<String, ThrowingCallable> operations(String connectionString);

    /** The most attempts that the adapter makes for one request. */
    protected abstract int attempts(BadAnswer answer, String operation);

    protected static TableClientBuilder table(String connectionString) {
        return new TableClientBuilder()
                .connectionString(connectionString)
                .tableName("Table")
                .httpClient(HTTP);
    }

    @ParameterizedTest
    @EnumSource
    void aBadAnswerIsTheFailureOfThePort(BadAnswer answer) {
        try (UnwellStorage storage = new UnwellStorage(answer)) {
            operations(storage.connectionString()).forEach((name, operation) -> {
                int before = storage.requests().size();
                assertThat(catchThrowable(operation)).as(name).isExactlyInstanceOf(failure);
                assertThat(storage.requests().subList(before, storage.requests().size()))
                        .as("requests of " + name)
                        .hasSizeBetween(1, attempts(answer, name));
            });
        }
    }

    @Test
    void aMissingServerIsTheFailureOfThePort() {
        UnwellStorage storage = new UnwellStorage(BadAnswer.RESET);
        storage.close();

        operations(storage.connectionString())
                .forEach((name, operation) ->
                        assertThat(catchThrowable(operation)).as(name).isExactlyInstanceOf(failure));
    }
}
