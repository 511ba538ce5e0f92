package dev.alertuser.localkit.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * An access token of the form that Entra ID issues to an application, or to one on behalf of a user. It is signed with a key of this JVM, so {@link FakeDefender} can tell the tokens of
 * {@link FakeIdentity} from any other text without being told of them.
 *
 * @param audience {@code aud}: the resource that the token is for
 * @param roles {@code roles}: the application roles granted for that resource when the token was issued; {@code scp} in a user's token
 * @param user whose token it is; null for one of an application
 * @param tenant {@code tid}
 * @param expiry {@code exp}, in whole seconds
 */
public record FakeToken(
        String audience, List<String> roles, @Nullable FakeUser user, String tenant, Instant expiry) {
    /** The one tenant. */
    public static final String TENANT = UUID.randomUUID().toString();

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] KEY = new SecureRandom().generateSeed(32);

    /** A token of an application. */
    public FakeToken(String audience, List<String> roles, Instant expiry) {
        this(audience, roles, null, TENANT, expiry);
    }

    /** A token that Defender takes for an hour. */
    public static FakeToken good() {
        return new FakeToken(
                FakeDefender.AUDIENCE, List.of(FakeDefender.ROLE), Instant.now().plusSeconds(3600));
    }

    /** What goes behind {@code Bearer}; no two are equal. */
    public String signed() {
        // Entra ID sets back the begin of a token's life, for clocks that are behind its own.
        long begin = Instant.now().minusSeconds(300).getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>(Map.of(
                "aud",
                audience,
                "iss",
                "https://sts.windows.net/" + tenant + "/",
                "tid",
                tenant,
                "iat",
                begin,
                "nbf",
                begin,
                "exp",
                expiry.getEpochSecond(),
                "jti",
                UUID.randomUUID().toString()));
        if (user == null) {
            claims.put("roles", roles);
        } else {
            claims.put("oid", user.objectId());
            claims.put("name", user.name());
            claims.put("scp", String.join(" ", roles));
        }
        String content = part(Map.of("typ", "JWT", "alg", "HS256")) + "." + part(claims);
        return content + "." + base64Url(signature(content));
    }

    /** Empty if the text is no token that this JVM signed. */
    static Optional<FakeToken> read(String text) {
        int end = text.lastIndexOf('.');
        String[] parts = text.split("\\.", -1);
        if (parts.length != 3
                || !MessageDigest.isEqual(
                        base64Url(signature(text.substring(0, end))).getBytes(StandardCharsets.US_ASCII),
                        parts[2].getBytes(StandardCharsets.US_ASCII))) {
            return Optional.empty();
        }
        try {
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            List<String> roles = new ArrayList<>();
            claims.path("roles").forEach(role -> roles.add(role.asText()));
            if (claims.has("scp")) {
                roles.addAll(List.of(claims.get("scp").asText().split(" ", -1)));
            }
            return Optional.of(new FakeToken(
                    claims.path("aud").asText(),
                    List.copyOf(roles),
                    FakeUser.find(claims.path("oid").asText()).orElse(null),
                    claims.path("tid").asText(),
                    Instant.ofEpochSecond(claims.path("exp").asLong())));
        } catch (IOException e) {
            throw new IllegalStateException("signed, but no JSON", e);
        }
    }

    private static byte[] signature(String content) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(KEY, ALGORITHM));
            return mac.doFinal(content.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String part(Map<String, ?> claims) {
        try {
            return base64Url(JSON.writeValueAsBytes(claims));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
