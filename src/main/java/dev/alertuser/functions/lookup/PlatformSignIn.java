package dev.alertuser.functions.lookup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.config.Delegation;
import dev.alertuser.payload.json.Json;
import dev.alertuser.service.user.SignInException;
import dev.alertuser.service.user.SignInException.Fault;
import dev.alertuser.service.user.SignedInUser;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads who has signed in from the headers of a request that has passed the platform's sign-in. The token is the caller's own, or that of
 * the browser's session, out of the platform's token store. The platform says in a header of its own whom it let in, and takes that header
 * away from callers who send it; the token must be of the same person.
 *
 * <p>Does not verify the token's signature: the platform has, and Entra ID does when the token is exchanged.
 *
 * @see <a href="https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities">Identity headers of App Service</a>
 */
final class PlatformSignIn {
    private static final String PRINCIPAL = "x-ms-client-principal";
    private static final String SESSION_TOKEN = "x-ms-token-aad-access-token";
    private static final String BEARER = "bearer ";

    /** Names of the claims {@code oid} and {@code tid}: the platform renames some to what .NET calls them. */
    private static final List<String> OBJECT_ID =
            List.of("oid", "http://schemas.microsoft.com/identity/claims/objectidentifier");

    private static final List<String> TENANT_ID =
            List.of("tid", "http://schemas.microsoft.com/identity/claims/tenantid");

    private PlatformSignIn() {}

    /**
     * The user who has signed in.
     *
     * @param headers with names in any letter case
     * @throws SignInException if there is none, or the token is not one of that user for this app
     */
    static SignedInUser read(Map<String, String> headers, Delegation delegation, Instant now) {
        JsonNode principal = decoded(headers.get(PRINCIPAL))
                .orElseThrow(() -> new SignInException(
                        Fault.MISSING,
                        "No user is signed in: open /.auth/login/aad in a browser, or send the access token of a user for"
                                + " api://" + delegation.clientId() + " as Authorization: Bearer."));
        String token = token(headers);
        JsonNode claims = decoded(payload(token))
                .orElseThrow(
                        () -> new SignInException(Fault.MISSING, "The token is not a JSON Web Token of Entra ID."));
        checkAudience(claims, delegation.clientId());
        if (!claims.path("tid").asText().equalsIgnoreCase(delegation.tenantId())) {
            throw new SignInException(
                    Fault.NOT_IN_TENANT,
                    "The token is of another tenant than " + delegation.tenantId()
                            + ": sign in to that one, as its member or guest.");
        }
        Instant expiry = Instant.ofEpochSecond(claims.path("exp").asLong());
        if (!now.isBefore(expiry)) {
            throw new SignInException(
                    Fault.EXPIRED, "The token ended at " + expiry + ": sign in again, or open /.auth/refresh.");
        }
        SignedInUser user =
                new SignedInUser(claims.path("tid").asText(), claims.path("oid").asText(), token, expiry);
        checkUser(claims, user, principal);
        return user;
    }

    private static String token(Map<String, String> headers) {
        String authorization = headers.getOrDefault("authorization", "");
        if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return authorization.substring(BEARER.length()).strip();
        }
        // Another site can make a signed-in browser send a request, though it cannot read the answer.
        if ("cross-site".equals(headers.get("sec-fetch-site"))) {
            throw new SignInException(Fault.MISSING, "The sign-in of a browser does not count for another site.");
        }
        return Optional.ofNullable(headers.get(SESSION_TOKEN))
                .filter(token -> !token.isBlank())
                .orElseThrow(() -> new SignInException(
                        Fault.MISSING,
                        "A user is signed in, but there is no access token of that user: send one as Authorization: Bearer,"
                                + " or have the operator turn on the platform's token store."));
    }

    private static void checkAudience(JsonNode claims, String clientId) {
        String audience = claims.path("aud").asText();
        if (!audience.equalsIgnoreCase(clientId) && !audience.equalsIgnoreCase("api://" + clientId)) {
            throw new SignInException(
                    Fault.WRONG_AUDIENCE,
                    "The token is meant for another API: ask for one for api://" + clientId + "/.default.");
        }
    }

    /** The platform lets in applications, too; of theirs, Entra ID makes no token on behalf of anybody. */
    private static void checkUser(JsonNode claims, SignedInUser user, JsonNode principal) {
        if (user.objectId().isEmpty() || claims.path("scp").asText().isBlank()) {
            throw new SignInException(
                    Fault.MISSING, "The token is an application's own: asking as a user takes the token of a user.");
        }
        if (!user.objectId().equalsIgnoreCase(claim(principal, OBJECT_ID))
                || !user.tenantId().equalsIgnoreCase(claim(principal, TENANT_ID))) {
            throw new SignInException(
                    Fault.MISSING, "The token is of another user than the one whom the platform has signed in.");
        }
    }

    /** The first of these claims of a principal, {@code {"claims": [{"typ", "val"}]}}. */
    private static @Nullable String claim(JsonNode principal, List<String> names) {
        for (JsonNode claim : principal.path("claims")) {
            if (names.contains(claim.path("typ").asText())) {
                return claim.path("val").asText();
            }
        }
        return null;
    }

    private static @Nullable String payload(String token) {
        String[] parts = token.split("\\.", -1);
        return parts.length == 3 ? parts[1] : null;
    }

    /** An object of JSON in Base64, in either of its alphabets. */
    private static Optional<JsonNode> decoded(@Nullable String base64) {
        if (base64 == null) {
            return Optional.empty();
        }
        try {
            byte[] text = Base64.getUrlDecoder()
                    .decode(base64.replace('+', '-').replace('/', '_').replaceFirst("=+$", ""));
            return Optional.of(Json.read(new String(text, StandardCharsets.UTF_8)))
                    .filter(JsonNode::isObject);
        } catch (IllegalArgumentException | JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
