package dev.alertuser.defender;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Checks the claims of our own tokens before Defender does. Does not verify the signature: that is up to the audience. A token that cannot
 * be read is not a fault, since Entra ID does not promise its format.
 */
public final class TokenClaims {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ROLE = "User.Read.All";

    /** WindowsDefenderATP, which is the audience in place of its URI in some tokens. */
    private static final String DEFENDER_APP_ID = "fc780465-2017-40d4-a0c5-307022471b92";

    /**
     * APIs whose scope is set by mistake: Microsoft Graph has a role of the same name, and Defender XDR a name that Defender for Endpoint
     * answers to as a host. Other scopes that this class does not know may be right, that of a gateway for instance.
     */
    private static final Set<String> OTHER_APIS = Set.of(
            "https://graph.microsoft.com",
            "https://graph.microsoft.us",
            "https://dod-graph.microsoft.us",
            "00000003-0000-0000-c000-000000000000",
            "https://api.security.microsoft.com",
            "https://api-gcc.security.microsoft.us",
            "https://api-gov.security.microsoft.us",
            "8ee8fdad-f234-4243-8f3b-15c294843740");

    private TokenClaims() {}

    /** Whether a token shows that it lacks the right to ask for users. */
    public static boolean lacksRight(String token) {
        return payload(token).filter(claims -> !hasRole(claims)).isPresent();
    }

    /**
     * The reason for which Defender will refuse the token; empty if there is none.
     *
     * @param scope for which the token was requested
     */
    static Optional<String> fault(String token, String scope) {
        String resource = resource(scope.replaceFirst("/\\.default$", ""));
        if (OTHER_APIS.contains(resource.toLowerCase(Locale.ROOT))) {
            return Optional.of("the token is meant for Microsoft Graph or Defender XDR, not for Defender for Endpoint:"
                    + " check DEFENDER_API_SCOPE");
        }
        return payload(token).flatMap(claims -> fault(claims, resource));
    }

    private static Optional<String> fault(JsonNode claims, String resource) {
        String audience = resource(claims.path("aud").asText());
        if (!audience.equalsIgnoreCase(resource) && !audience.equalsIgnoreCase(DEFENDER_APP_ID)) {
            return Optional.of("the token is meant for another application than " + resource
                    + ": check DEFENDER_CLOUD and DEFENDER_API_SCOPE");
        }
        if (!hasRole(claims)) {
            return Optional.of(
                    "the token lacks the application role " + ROLE + " of WindowsDefenderATP (app id " + DEFENDER_APP_ID
                            + "): grant it to the app's identity; a token from before the grant lives up to 24 h");
        }
        return Optional.empty();
    }

    /** The token of an application lists roles; the token of a developer lists scopes. */
    private static boolean hasRole(JsonNode claims) {
        for (JsonNode role : claims.path("roles")) {
            if (ROLE.equals(role.textValue())) {
                return true;
            }
        }
        List<String> scopes = Arrays.asList(claims.path("scp").asText().split(" ", -1));
        return scopes.contains(ROLE);
    }

    private static Optional<JsonNode> payload(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readTree(Base64.getUrlDecoder().decode(parts[1])))
                    .filter(JsonNode::isObject);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String resource(String uri) {
        return uri.replaceFirst("/+$", "");
    }
}
