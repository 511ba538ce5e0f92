package dev.alertuser.config;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.data.tables.TableClientBuilder;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueClientBuilder;
import com.azure.storage.queue.QueueMessageEncoding;
import dev.alertuser.config.Settings.Storage;
import dev.alertuser.config.Settings.Storage.ByConnectionString;
import dev.alertuser.config.Settings.Storage.ByIdentity;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Clients of the storage account, with one credential. The counter has connections of its own, so that a flood of lookups cannot keep
 * callers from permits.
 */
public final class StorageClients {
    /** An answer takes some ten milliseconds; one that takes seconds is an outage, which the caller gets as an error. */
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** The limiter of a process makes one request at a time; the other connections serve views of the budget. */
    private static final int COUNTER_CONNECTIONS = 8;

    private static final int CONNECTIONS = 100;

    private final Storage storage;
    private final HttpClient counterHttp;
    private final HttpClient http;
    private final @Nullable TokenCredential credential;

    public StorageClients(Storage storage) {
        this.storage = storage;
        this.counterHttp = StorageHttpClient.create("counter", COUNTER_CONNECTIONS, TIMEOUT);
        this.http = StorageHttpClient.create("storage", CONNECTIONS, TIMEOUT);
        this.credential =
                storage instanceof ByIdentity identity ? Credentials.managedIdentity(identity.clientId()) : null;
    }

    /** A table over the connections of the counter. */
    public TableClientBuilder counter(String name) {
        return table(name, counterHttp);
    }

    public TableClientBuilder table(String name) {
        return table(name, http);
    }

    private TableClientBuilder table(String name, HttpClient client) {
        TableClientBuilder builder = new TableClientBuilder().tableName(name).httpClient(client);
        if (storage instanceof ByConnectionString keys) {
            return withKeys(keys, builder::connectionString);
        }
        return builder.endpoint(((ByIdentity) storage).tables().toString()).credential(credential);
    }

    /** Drops the SDK's exceptions as a cause, since their messages may repeat the malformed value. */
    private static <T> T withKeys(ByConnectionString keys, Function<String, T> builder) {
        try {
            return builder.apply(keys.connectionString());
        } catch (RuntimeException e) {
            throw EnvironmentReader.malformed(
                    "AzureWebJobsStorage",
                    "the connection string of a storage account with its endpoints",
                    keys.connectionString());
        }
    }

    /** A queue whose messages are sent in Base64, the default of most consumers. */
    public QueueClient queue(String name) {
        return queue(new QueueClientBuilder()
                .queueName(name)
                .messageEncoding(QueueMessageEncoding.BASE64)
                .retryOptions(queueRetries()));
    }

    /** Three attempts within seconds: the SDK's default of four takes most of a minute, longer than senders wait. */
    private static RequestRetryOptions queueRetries() {
        return new RequestRetryOptions(
                RetryPolicyType.EXPONENTIAL, 3, TIMEOUT, Duration.ofMillis(200), Duration.ofSeconds(1), null);
    }

    /** A queue that is read without decoding and without retries: the view of the budget polls it again soon. */
    public QueueClient gauge(String name) {
        return queue(new QueueClientBuilder()
                .queueName(name)
                .messageEncoding(QueueMessageEncoding.NONE)
                .retryOptions(new RequestRetryOptions(RetryPolicyType.FIXED, 1, (Duration) null, null, null, null)));
    }

    private QueueClient queue(QueueClientBuilder builder) {
        builder.httpClient(http);
        if (storage instanceof ByConnectionString keys) {
            return withKeys(keys, builder::connectionString).buildClient();
        }
        return builder.endpoint(((ByIdentity) storage).queues().toString())
                .credential(credential)
                .buildClient();
    }
}
