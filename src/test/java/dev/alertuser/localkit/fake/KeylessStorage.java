package dev.alertuser.localkit.fake;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.netty.NettyAsyncHttpClientBuilder;
import com.azure.data.tables.TableClientBuilder;
import com.azure.storage.queue.QueueClientBuilder;
import dev.alertuser.localkit.process.Azurite;
import io.netty.handler.ssl.SslContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** A storage account as {@code infra} deploys it: over TLS, and only for who has a token for storage. Forgets everything when it closes. */
public final class KeylessStorage implements AutoCloseable {
    /** The resource whose tokens storage takes, in every cloud. */
    public static final String AUDIENCE = "https://storage.azure.com";

    private static final TokenCredential CREDENTIAL = request -> Mono.fromSupplier(() -> {
        Instant expiry = Instant.now().plusSeconds(3600);
        return new AccessToken(new FakeToken(AUDIENCE, List.of(), expiry).signed(), expiry.atOffset(ZoneOffset.UTC));
    });

    private final FakeCertificate certificate;
    private final Azurite azurite;
    private final HttpClient http;

    private KeylessStorage(FakeCertificate certificate) {
        this.certificate = certificate;
        azurite = Azurite.keyless(certificate.store(), certificate.password());
        SslContext context = certificate.clientContext();
        http = new NettyAsyncHttpClientBuilder(
                        reactor.netty.http.client.HttpClient.create().secure(tls -> tls.sslContext(context)))
                .build();
    }

    /** Starts one that shows this certificate. */
    public static KeylessStorage start(FakeCertificate certificate) {
        return new KeylessStorage(certificate);
    }

    /**
     * The environment of an app with this user-assigned identity: where storage is, by the names that {@code infra} gives it, and what its
     * JVM trusts.
     */
    public Map<String, String> environment(FakeIdentity identity) {
        Map<String, String> environment = new HashMap<>(identity.environment());
        // Of none, whatever local.settings.json says.
        environment.put("AzureWebJobsStorage", "");
        environment.put("AzureWebJobsStorage__blobServiceUri", blobService());
        environment.put("AzureWebJobsStorage__queueServiceUri", queueService());
        environment.put("AzureWebJobsStorage__tableServiceUri", tableService());
        environment.put("AzureWebJobsStorage__credential", "managedidentity");
        environment.put("AzureWebJobsStorage__clientId", environment.get("AZURE_CLIENT_ID"));
        environment.put("JAVA_TOOL_OPTIONS", certificate.trust());
        return environment;
    }

    private String blobService() {
        return Azurite.secureEndpoint(azurite.ports().blob());
    }

    String queueService() {
        return Azurite.secureEndpoint(azurite.ports().queue());
    }

    String tableService() {
        return Azurite.secureEndpoint(azurite.ports().table());
    }

    /** For a test's own look at a table, with a token. */
    public TableClientBuilder tables() {
        return new TableClientBuilder()
                .endpoint(tableService())
                .httpClient(http)
                .credential(CREDENTIAL);
    }

    /** For a test's own look at a queue, with a token. */
    public QueueClientBuilder queues() {
        return new QueueClientBuilder()
                .endpoint(queueService())
                .httpClient(http)
                .credential(CREDENTIAL);
    }

    /** Trusts the certificate and no other. */
    HttpClient http() {
        return http;
    }

    @Override
    public void close() {
        azurite.close();
    }
}
