package dev.alertuser.localkit.fake;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Entra ID's token endpoint on loopback, over https, for the exchange of a user's token on behalf of that user. Checks what Entra ID checks,
 * in its order and with its error codes, and needs no secret: the app registration trusts the app's managed identity. Thread-safe.
 *
 * <p>Besides the real endpoint it has two that stand for what happens elsewhere: {@code /check} is how the platform's sign-in verifies a
 * token, and {@code /sign-in} is what a user does in a browser.
 *
 * @see <a href="https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow">On-behalf-of flow</a>
 */
public final class FakeEntra implements AutoCloseable {
    /** The resource of the managed identity's token that proves the app. */
    static final String ASSERTION_AUDIENCE = "api://AzureADTokenExchange";

    /** The account that each refusal names. */
    public static final String ACCOUNT = "analyst@example.com";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String CLIENT_ID = UUID.randomUUID().toString();
    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private final FakeServer server;
    private final Map<String, String> challenges = new ConcurrentHashMap<>();
    private final List<String> exchanged = new ArrayList<>();
    private final List<String> issued = new ArrayList<>();
    private boolean trusting = true;
    private boolean consented = true;
    private boolean down;
    private List<String> scopes = List.of(FakeDefender.ROLE);
    private Duration life = Duration.ofHours(1);

    private FakeEntra(FakeCertificate certificate) {
        server = new FakeServer(0, certificate, this::handle);
    }

    /** Starts one on any free port. */
    public static FakeEntra start(FakeCertificate certificate) {
        return new FakeEntra(certificate);
    }

    /** The settings of an app whose users ask with their own rights, and the platform's word that they sign in before. */
    public Map<String, String> environment() {
        return Map.of(
                "DELEGATED_CLIENT_ID",
                CLIENT_ID,
                "DELEGATED_TENANT_ID",
                FakeToken.TENANT,
                "AZURE_AUTHORITY_HOST",
                server.url().toString(),
                "WEBSITE_AUTH_ENABLED",
                "True");
    }

    /** A user's token for the app. */
    public String tokenOf(FakeUser user) {
        return tokenOf(user, life());
    }

    /** The same, with another life; a negative one for a token that has ended. */
    public String tokenOf(FakeUser user, Duration life) {
        return token("api://" + CLIENT_ID, user, FakeToken.TENANT, life);
    }

    /** A token of another tenant for this app. */
    public String tokenOfAnotherTenant(FakeUser user) {
        return token("api://" + CLIENT_ID, user, UUID.randomUUID().toString(), life());
    }

    /** A user's token for another API. */
    public String tokenForAnotherApi(FakeUser user) {
        return token("api://" + UUID.randomUUID(), user, FakeToken.TENANT, life());
    }

    /** A token that this app's own identity has for this app. */
    public String tokenOfAnApplication() {
        return new FakeToken("api://" + CLIENT_ID, List.of(), Instant.now().plus(life())).signed();
    }

    /** The headers of a user's request behind the platform's sign-in, for who calls a function without it. */
    public Map<String, String> headersOf(FakeUser user) {
        String principal = "{\"auth_typ\":\"aad\",\"claims\":[{\"typ\":\"oid\",\"val\":\"" + user.objectId()
                + "\"},{\"typ\":\"tid\",\"val\":\"" + FakeToken.TENANT + "\"}]}";
        return Map.of(
                "authorization",
                "Bearer " + tokenOf(user),
                "x-ms-client-principal",
                Base64.getEncoder().encodeToString(principal.getBytes(StandardCharsets.UTF_8)));
    }

    private static String token(String audience, FakeUser user, String tenant, Duration life) {
        return new FakeToken(
                        audience,
                        List.of("user_impersonation"),
                        user,
                        tenant,
                        Instant.now().plus(life))
                .signed();
    }

    private synchronized Duration life() {
        return life;
    }

    /** How long the users' tokens that are issued from now on live. */
    public synchronized void life(Duration life) {
        this.life = life;
    }

    /** Whether the app registration trusts the app's identity. */
    public synchronized void trusts(boolean trusting) {
        this.trusting = trusting;
    }

    /** Whether an administrator has consented to the delegated permission. */
    public synchronized void consented(boolean consented) {
        this.consented = consented;
    }

    /** The delegated permissions that were consented to. */
    public synchronized void scopes(String... scopes) {
        this.scopes = List.of(scopes);
    }

    /** Whether it answers 503. */
    public synchronized void down(boolean down) {
        this.down = down;
    }

    /** Conditional Access wants more of this user; {@code claims} is what it says. */
    public void challenge(FakeUser user, String claims) {
        challenges.put(user.objectId(), claims);
    }

    /** The users for whom a token was exchanged, once for each. */
    public synchronized List<String> exchanged() {
        return List.copyOf(exchanged);
    }

    /** The tokens for Defender that it gave. */
    public synchronized List<String> issued() {
        return List.copyOf(issued);
    }

    @Override
    public void close() {
        server.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (path.equals("/check")) {
            check(exchange, body);
        } else if (path.equals("/sign-in")) {
            signIn(exchange, body);
        } else if (path.equals("/" + FakeToken.TENANT + "/oauth2/v2.0/token")
                && exchange.getRequestMethod().equals("POST")) {
            exchange(exchange, FormFields.read(body));
        } else {
            FakeServer.answer(exchange, 404, "text/plain", path.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** As the platform's sign-in does: signature, audience, end; whoever of the tenant it is. */
    private void check(HttpExchange exchange, String text) throws IOException {
        Optional<FakeToken> token = FakeToken.read(text)
                .filter(one -> one.audience().equals("api://" + CLIENT_ID))
                .filter(one -> Instant.now().isBefore(one.expiry()));
        if (token.isEmpty()) {
            FakeServer.answer(exchange, 401, "text/plain", "not for this app".getBytes(StandardCharsets.UTF_8));
            return;
        }
        FakeUser user = token.get().user();
        FakeServer.answer(
                exchange,
                200,
                "application/json",
                JSON.writeValueAsBytes(Map.of(
                        "oid",
                        user == null ? UUID.randomUUID().toString() : user.objectId(),
                        "tid",
                        token.get().tenant())));
    }

    private void signIn(HttpExchange exchange, String name) throws IOException {
        FakeUser user = List.of(FakeUser.ADA, FakeUser.BOB, FakeUser.CY).stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElse(FakeUser.ADA);
        FakeServer.answer(exchange, 200, "text/plain", tokenOf(user).getBytes(StandardCharsets.UTF_8));
    }

    private void exchange(HttpExchange exchange, Map<String, String> form) throws IOException {
        Optional<Refusal> refusal = refusal(form);
        if (refusal.isPresent()) {
            refuse(exchange, refusal.get());
            return;
        }
        FakeToken user = FakeToken.read(form.get("assertion")).orElseThrow();
        FakeUser name = user.user();
        String token;
        synchronized (this) {
            exchanged.add(name == null ? "" : name.objectId());
            token = new FakeToken(
                            FakeDefender.AUDIENCE,
                            scopes,
                            name,
                            FakeToken.TENANT,
                            Instant.now().plusSeconds(3900))
                    .signed();
            issued.add(token);
        }
        FakeServer.answer(
                exchange,
                200,
                "application/json",
                JSON.writeValueAsBytes(Map.of(
                        "token_type",
                        "Bearer",
                        "scope",
                        FakeDefender.AUDIENCE + "/" + FakeDefender.ROLE,
                        "expires_in",
                        3900,
                        "ext_expires_in",
                        3900,
                        "access_token",
                        token)));
    }

    /** @param claims empty for none */
    private record Refusal(int status, String error, int number, String text, String claims) {
        Refusal(int status, String error, int number, String text) {
            this(status, error, number, text, "");
        }
    }

    private synchronized Optional<Refusal> refusal(Map<String, String> form) {
        if (down) {
            return Optional.of(new Refusal(503, "temporarily_unavailable", 90033, "A transient error has occurred."));
        }
        return ofApp(form).or(() -> ofUser(form));
    }

    private Optional<Refusal> ofApp(Map<String, String> form) {
        Optional<FakeToken> app = FakeToken.read(form.getOrDefault("client_assertion", ""));
        if (!CLIENT_ID.equals(form.get("client_id"))) {
            return Optional.of(new Refusal(400, "unauthorized_client", 700016, "Application was not found."));
        } else if (!JWT_BEARER.equals(form.get("grant_type"))) {
            return Optional.of(new Refusal(400, "unsupported_grant_type", 70003, "The grant is not supported."));
        } else if (!"on_behalf_of".equals(form.get("requested_token_use"))) {
            return Optional.of(new Refusal(400, "invalid_request", 900144, "requested_token_use is missing."));
        } else if (!ASSERTION_TYPE.equals(form.get("client_assertion_type")) || app.isEmpty()) {
            return Optional.of(new Refusal(401, "invalid_client", 7000218, "client_assertion is missing."));
        } else if (!trusting || !app.get().audience().equals(ASSERTION_AUDIENCE)) {
            return Optional.of(new Refusal(
                    401,
                    "invalid_client",
                    700213,
                    "No matching federated identity record found for presented assertion subject."));
        }
        return Optional.empty();
    }

    private Optional<Refusal> ofUser(Map<String, String> form) {
        Optional<FakeToken> token = FakeToken.read(form.getOrDefault("assertion", ""));
        if (token.isEmpty() || token.get().user() == null) {
            return Optional.of(new Refusal(400, "invalid_grant", 50013, "Assertion failed signature validation."));
        }
        FakeUser user = token.get().user();
        if (!token.get().audience().equals("api://" + CLIENT_ID)) {
            return Optional.of(new Refusal(400, "invalid_grant", 500131, "Assertion audience does not match."));
        } else if (!token.get().tenant().equals(FakeToken.TENANT)) {
            return Optional.of(
                    new Refusal(400, "invalid_grant", 50020, "The user account does not exist in the tenant."));
        } else if (!Instant.now().isBefore(token.get().expiry())) {
            return Optional.of(new Refusal(400, "invalid_grant", 500133, "Assertion is not within its valid time."));
        } else if (challenges.containsKey(user.objectId())) {
            return Optional.of(new Refusal(
                    400,
                    "interaction_required",
                    50076,
                    "Due to a configuration change made by your administrator, you must use multi-factor authentication.",
                    challenges.get(user.objectId())));
        } else if (!consented) {
            return Optional.of(new Refusal(
                    400,
                    "invalid_grant",
                    65001,
                    "The user or administrator has not consented to use the application."));
        } else if (!List.of(form.getOrDefault("scope", "").split(" ", -1))
                .contains(FakeDefender.AUDIENCE + "/.default")) {
            return Optional.of(new Refusal(400, "invalid_scope", 70011, "The provided value for scope is not valid."));
        }
        return Optional.empty();
    }

    private static void refuse(HttpExchange exchange, Refusal refusal) throws IOException {
        String trace = UUID.randomUUID().toString();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", refusal.error());
        body.put(
                "error_description",
                // Some of Entra ID's texts name the account, so all of these do.
                "AADSTS" + refusal.number() + ": " + refusal.text() + " User account '" + ACCOUNT + "'. Trace ID: "
                        + trace + " Correlation ID: " + trace + " Timestamp: " + Instant.now());
        body.put("error_codes", List.of(refusal.number()));
        body.put("timestamp", Instant.now().toString());
        body.put("trace_id", trace);
        body.put("correlation_id", trace);
        if (!refusal.claims().isEmpty()) {
            body.put("claims", refusal.claims());
        }
        FakeServer.answer(exchange, refusal.status(), "application/json", JSON.writeValueAsBytes(body));
    }

    /** Where it listens. */
    public URI url() {
        return server.url();
    }
}
