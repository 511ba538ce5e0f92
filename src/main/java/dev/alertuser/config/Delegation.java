package dev.alertuser.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * How users ask with their own rights.
 *
 * @param clientId of the app registration that stands for the sign-in in front, and asks Defender on behalf of the users
 * @param tenantId its tenant
 * @param identity client id of the user-assigned identity that the app registration trusts in place of a secret
 * @param authority Entra ID in place of the cloud's own; null for that
 * @param governmentCloud whether the cloud is Azure Government
 * @param sharesBudget true if its calls count in the row of the app's own, false if they have a row of their own
 * @param signInInFront whether the platform has users sign in before the app sees a request
 */
public record Delegation(
        String clientId,
        String tenantId,
        String identity,
        @Nullable URI authority,
        boolean governmentCloud,
        boolean sharesBudget,
        boolean signInInFront) {

    /** Scope of the identity's token by which the app proves itself to Entra ID. */
    public String assertionScope() {
        return "api://AzureADTokenExchange" + (governmentCloud ? "USGov" : "") + "/.default";
    }
}
