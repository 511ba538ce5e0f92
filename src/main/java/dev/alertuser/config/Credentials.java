package dev.alertuser.config;

import com.azure.core.credential.TokenCredential;
import com.azure.identity.AzureCliCredentialBuilder;
import com.azure.identity.AzureDeveloperCliCredentialBuilder;
import com.azure.identity.ChainedTokenCredentialBuilder;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import org.jspecify.annotations.Nullable;

/** Credentials of the identities that the app uses. */
public final class Credentials {
    private Credentials() {}

    /** The identity for calls to Defender: of the app, or of a developer who is signed in to {@code az} or {@code azd}. */
    public static TokenCredential forDefender(Settings settings) {
        if (settings.developerCredentials()) {
            return new ChainedTokenCredentialBuilder()
                    .addLast(new AzureCliCredentialBuilder().build())
                    .addLast(new AzureDeveloperCliCredentialBuilder().build())
                    .build();
        }
        return managedIdentity(settings.clientId());
    }

    /** The identity that an app registration trusts, for calls to Defender on behalf of users. */
    public static TokenCredential forUsers(Delegation delegation) {
        return managedIdentity(delegation.identity());
    }

    /**
     * A managed identity of the app.
     *
     * @param clientId null for the system-assigned one
     */
    static TokenCredential managedIdentity(@Nullable String clientId) {
        return new ManagedIdentityCredentialBuilder().clientId(clientId).build();
    }
}
