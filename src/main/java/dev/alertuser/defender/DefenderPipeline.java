package dev.alertuser.defender;

import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.netty.NettyAsyncHttpClientBuilder;
import dev.alertuser.service.budget.LatePermitException;
import dev.alertuser.service.budget.Permit;
import java.time.Duration;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.resources.ConnectionProvider;

/**
 * HTTP to Defender that sends nothing without a permit: it has no policy, so azure-core does not retry; it follows no redirect;
 * reactor-netty's own retry after a connection reset is off; and the permit is checked last.
 *
 * <p>The permit travels in the reactor context of the call, under its class. It is checked after DNS, TCP and TLS, when the request's
 * head is about to be written, because a cold connection may take longer than a permit lasts. The connection of a late permit stays for
 * the next one. A call without a permit fails.
 */
final class DefenderPipeline {
    /** At least Defender's quota of a minute: a permit must not expire in the queue for a connection. */
    private static final int MAX_CONNECTIONS = 100;

    /** Servers and load balancers close idle connections after a minute or more; a request must not be sent on such a connection. */
    static final Duration MAX_IDLE = Duration.ofSeconds(50);

    private DefenderPipeline() {}

    static ConnectionProvider connections() {
        return ConnectionProvider.builder("defender")
                .maxConnections(MAX_CONNECTIONS)
                .maxIdleTime(MAX_IDLE)
                .build();
    }

    static HttpPipeline create(ConnectionProvider connections, Timeouts timeouts) {
        HttpClient client = HttpClient.create(connections)
                .disableRetry(true)
                .followRedirect(false)
                .doOnRequest((request, connection) -> checkPermit(request));
        return new HttpPipelineBuilder()
                .httpClient(new NettyAsyncHttpClientBuilder(client)
                        .connectTimeout(timeouts.connect())
                        .responseTimeout(timeouts.response())
                        .readTimeout(timeouts.body())
                        .build())
                .build();
    }

    private static void checkPermit(HttpClientRequest request) {
        Permit permit = request.currentContextView().get(Permit.class);
        if (!permit.isCurrent()) {
            throw new LatePermitException();
        }
    }
}
