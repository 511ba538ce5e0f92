package dev.alertuser.localkit.host.queue;

import com.azure.identity.ManagedIdentityCredentialBuilder;
import com.azure.storage.queue.QueueServiceClientBuilder;
import dev.alertuser.localkit.host.settings.HostSettings;
import java.util.Optional;

/**
 * The connection of a queue trigger, as the storage extension reads it: setting {@code NAME} holds a connection string, or else
 * {@code NAME__queueServiceUri} the place and {@code NAME__clientId} the managed identity, without which it is the system-assigned one.
 */
public final class QueueConnection {
    private QueueConnection() {}

    /**
     * A client of the queues behind that connection.
     *
     * @throws IllegalArgumentException if neither setting is there
     */
    public static QueueServiceClientBuilder of(String name, HostSettings settings) {
        Optional<String> connectionString = settings.find(name);
        if (connectionString.isPresent()) {
            return new QueueServiceClientBuilder().connectionString(connectionString.get());
        }
        return new QueueServiceClientBuilder()
                .endpoint(settings.find(name + "__queueServiceUri")
                        .orElseThrow(() -> new IllegalArgumentException(
                                "setting " + name + " is missing, and " + name + "__queueServiceUri, too")))
                .credential(new ManagedIdentityCredentialBuilder()
                        .clientId(settings.find(name + "__clientId").orElse(null))
                        .build());
    }
}
