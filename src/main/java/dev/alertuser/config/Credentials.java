package dev.alertuser.config;

import com.azure.core.credential.TokenCredential;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import org.jspecify.annotations.Nullable;

/** The identities that the app acts as. */
public final class Credentials {
    private Credentials() {}

    /** The identity that asks Defender. */
    public static TokenCredential forDefender(Settings settings) {
        if (settings.developerCredentials()) {
            return new DefaultAzureCredentialBuilder()
                    .managedIdentityClientId(settings.clientId())
                    .build();
        }
        return managedIdentity(settings.clientId());
    }

    /**
     * An identity of the app itself.
     *
     * @param clientId null for the system-assigned one
     */
    static TokenCredential managedIdentity(@Nullable String clientId) {
        return new ManagedIdentityCredentialBuilder().clientId(clientId).build();
    }
}
