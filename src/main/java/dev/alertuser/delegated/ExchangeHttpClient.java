package dev.alertuser.delegated;

import com.azure.core.http.HttpClient;
import com.azure.core.http.netty.NettyAsyncHttpClientBuilder;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import reactor.netty.resources.ConnectionProvider;

/**
 * HTTP to Entra ID that keeps nothing of a request: a connection of a pool would hold its last one, with the token in it, and so would a
 * pooled buffer. A user's exchange is one request an hour, so it can have a connection of its own.
 */
final class ExchangeHttpClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private ExchangeHttpClient() {}

    static HttpClient create() {
        reactor.netty.http.client.HttpClient netty = reactor.netty.http.client.HttpClient.create(
                        ConnectionProvider.newConnection())
                .keepAlive(false)
                .option(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT);
        return new NettyAsyncHttpClientBuilder(netty)
                .connectTimeout(TIMEOUT)
                .responseTimeout(TIMEOUT)
                .readTimeout(TIMEOUT)
                .build();
    }
}
