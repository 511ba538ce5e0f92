package dev.alertuser.config;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.netty.NettyAsyncHttpClientBuilder;
import com.azure.core.util.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.netty.resources.ConnectionProvider;

/**
 * The HTTP client for storage. Netty's timeouts bound the time between two reads, so an answer that comes byte by byte would last for ever;
 * this client also bounds the time of the whole exchange. Thread-safe.
 */
public final class StorageHttpClient implements HttpClient {
    private static final Duration MAX_IDLE = Duration.ofSeconds(50);

    /** Maximum of waiting requests for each connection: it serves more than that within three seconds. */
    private static final int WAITING_PER_CONNECTION = 10;

    /** The SDK's key for answers that are read with their body. */
    private static final String WITH_BODY = "azure-eagerly-read-response";

    private final HttpClient netty;
    private final Duration limit;

    private StorageHttpClient(HttpClient netty, Duration limit) {
        this.netty = netty;
        this.limit = limit;
    }

    /**
     * A client with a connection pool of its own. It never retries: reactor-netty's own retry would repeat a write that landed, which then
     * loses the race against itself.
     *
     * @param timeout of a connection, of the wait for one, and of the next bytes of an answer; a whole exchange may take twice as long
     */
    public static HttpClient create(String name, int maxConnections, Duration timeout) {
        ConnectionProvider connections = ConnectionProvider.builder(name)
                .maxConnections(maxConnections)
                .pendingAcquireTimeout(timeout)
                .pendingAcquireMaxCount(maxConnections * WAITING_PER_CONNECTION)
                .maxIdleTime(MAX_IDLE)
                .build();
        HttpClient netty = new NettyAsyncHttpClientBuilder(
                        reactor.netty.http.client.HttpClient.create(connections).disableRetry(true))
                .connectTimeout(timeout)
                .responseTimeout(timeout)
                .readTimeout(timeout)
                .build();
        return new StorageHttpClient(netty, timeout.multipliedBy(2));
    }

    @Override
    public Mono<HttpResponse> send(HttpRequest request) {
        return send(request, Context.NONE);
    }

    @Override
    public Mono<HttpResponse> send(HttpRequest request, Context context) {
        return netty.send(request, context.addData(WITH_BODY, true)).timeout(limit);
    }

    /** As the SDK's own client throws it: an {@code IOException} as unchecked, and everything else as it is or as a cause. */
    @Override
    public HttpResponse sendSync(HttpRequest request, Context context) {
        try {
            return Objects.requireNonNull(send(request, context).block());
        } catch (RuntimeException e) {
            Throwable cause = Exceptions.unwrap(e);
            if (cause instanceof IOException io) {
                throw new UncheckedIOException(io);
            }
            throw cause instanceof RuntimeException unchecked ? unchecked : new CompletionException(cause);
        }
    }
}
