package dev.alertuser;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.netty.NettyAsyncHttpClientBuilder;
import com.azure.data.tables.TableClientBuilder;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueClientBuilder;
import com.azure.storage.queue.QueueMessageEncoding;
import dev.alertuser.Settings.Storage;
import dev.alertuser.Settings.Storage.ByConnectionString;
import dev.alertuser.Settings.Storage.ByIdentity;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.netty.resources.ConnectionProvider;

/** Clients of the storage account, which share connections and a credential. */
final class StorageClients {
    /** An answer takes some ten milliseconds; what takes seconds is an outage, and the caller is told so. */
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private static final Duration MAX_IDLE = Duration.ofSeconds(50);
    private static final int MAX_CONNECTIONS = 100;

    /** Three tries within seconds: the SDK's own four take most of a minute, and senders who wait for us have less. */
    private static final RequestRetryOptions QUEUE_RETRIES = new RequestRetryOptions(
            RetryPolicyType.EXPONENTIAL, 3, TIMEOUT, Duration.ofMillis(200), Duration.ofSeconds(1), null);

    private final Storage storage;
    private final HttpClient http;
    private final @Nullable TokenCredential credential;

    StorageClients(Storage storage) {
        this.storage = storage;
        this.http = httpClient();
        this.credential =
                storage instanceof ByIdentity identity ? Credentials.managedIdentity(identity.clientId()) : null;
    }

    TableClientBuilder table(String name) {
        TableClientBuilder builder = new TableClientBuilder().tableName(name).httpClient(http);
        if (storage instanceof ByConnectionString keys) {
            return builder.connectionString(keys.connectionString());
        }
        return builder.endpoint(((ByIdentity) storage).tables().toString()).credential(credential);
    }

    /** A queue to which messages are sent in Base64, as most who read one expect. */
    QueueClient queue(String name) {
        return queue(new QueueClientBuilder()
                .queueName(name)
                .messageEncoding(QueueMessageEncoding.BASE64)
                .retryOptions(QUEUE_RETRIES));
    }

    /** A queue whose messages come as they are, and that is asked once: whoever looks at it looks again soon. */
    QueueClient gauge(String name) {
        return queue(new QueueClientBuilder()
                .queueName(name)
                .messageEncoding(QueueMessageEncoding.NONE)
                .retryOptions(new RequestRetryOptions(RetryPolicyType.FIXED, 1, (Duration) null, null, null, null)));
    }

    private QueueClient queue(QueueClientBuilder builder) {
        builder.httpClient(http);
        if (storage instanceof ByConnectionString keys) {
            return builder.connectionString(keys.connectionString()).buildClient();
        }
        return builder.endpoint(((ByIdentity) storage).queues().toString())
                .credential(credential)
                .buildClient();
    }

    /** Without reactor-netty's own repeat after a lost connection: a write that landed would be sent again and lose against itself. */
    private static HttpClient httpClient() {
        ConnectionProvider connections = ConnectionProvider.builder("storage")
                .maxConnections(MAX_CONNECTIONS)
                .maxIdleTime(MAX_IDLE)
                .build();
        return new NettyAsyncHttpClientBuilder(
                        reactor.netty.http.client.HttpClient.create(connections).disableRetry(true))
                .connectTimeout(TIMEOUT)
                .responseTimeout(TIMEOUT)
                .readTimeout(TIMEOUT)
                .build();
    }
}
