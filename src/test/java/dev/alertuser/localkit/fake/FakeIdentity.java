package dev.alertuser.localkit.fake;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;

/**
 * The managed-identity endpoint of App Service and Functions on loopback, protocol {@code 2019-08-01}. Thread-safe.
 *
 * <p>Its tokens look like those of Entra ID, with {@code aud}, {@code roles}, {@code exp} and a {@code jti} of their own, and are signed
 * by nobody.
 */
public final class FakeIdentity implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String secret = UUID.randomUUID().toString();
    private final FakeServer server;

    private final Queue<Scripted> script = new ArrayDeque<>();
    private int failure;
    private Duration delay = Duration.ZERO;
    private Duration tokenLife = Duration.ofHours(24);
    private List<String> roles = List.of("User.Read.All");
    private final List<Received> received = new ArrayList<>();
    private final Map<String, Instant> issued = new HashMap<>();

    /** One request with the right header. */
    public record Received(String resource, Optional<String> clientId) {}

    private FakeIdentity(int port) {
        server = new FakeServer(port, this::handle);
    }

    /** An endpoint on any free port. */
    public static FakeIdentity start() {
        return start(0);
    }

    /** An endpoint on this port. */
    public static FakeIdentity start(int port) {
        return new FakeIdentity(port);
    }

    /** The environment that makes azure-identity ask here. */
    public Map<String, String> environment() {
        return Map.of("IDENTITY_ENDPOINT", endpoint().toString(), "IDENTITY_HEADER", secret);
    }

    /** {@code IDENTITY_ENDPOINT}. */
    public URI endpoint() {
        return server.url().resolve("/msi/token");
    }

    /** An answer that is given once. */
    private record Scripted(int status, String body) {}

    /** Gives this answer to the next request that has none yet. */
    public synchronized void answerNext(int status, String body) {
        script.add(new Scripted(status, body));
    }

    /** Answers this status, 400, 404 or 500 say, until {@link #recover()}. */
    public synchronized void fail(int status) {
        failure = status;
    }

    /** Ends {@link #fail}. */
    public synchronized void recover() {
        failure = 0;
    }

    /** Answers after this time. */
    public synchronized void delay(Duration delay) {
        this.delay = delay;
    }

    /** How long the tokens live from now on. */
    public synchronized void tokenLife(Duration life) {
        this.tokenLife = life;
    }

    /** The roles in the tokens from now on; none for an identity that was granted nothing. */
    public synchronized void roles(String... roles) {
        this.roles = List.of(roles);
    }

    /** All requests with the right header, failed ones too. */
    public synchronized List<Received> received() {
        return List.copyOf(received);
    }

    /** How many requests asked for this resource. */
    public synchronized int requests(String resource) {
        return (int) received.stream()
                .filter(request -> request.resource().equals(resource))
                .count();
    }

    /** True for a token from here that has not expired; the predicate that {@link FakeDefender#accept} takes. */
    public synchronized boolean isGood(String token) {
        Instant expiry = issued.get(token);
        return expiry != null && Instant.now().isBefore(expiry);
    }

    @Override
    public void close() {
        server.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Map<String, String> query = query(exchange.getRequestURI());
        String resource = query.get("resource");
        if (!exchange.getRequestURI().getPath().equals("/msi/token")) {
            refuse(exchange, 404, "no such path");
        } else if (!secret.equals(exchange.getRequestHeaders().getFirst("X-IDENTITY-HEADER"))) {
            refuse(exchange, 401, "X-IDENTITY-HEADER is missing or wrong");
        } else if (!"2019-08-01".equals(query.get("api-version")) || resource == null) {
            refuse(exchange, 400, "api-version must be 2019-08-01, and resource must be there");
        } else {
            answer(exchange, new Received(resource, Optional.ofNullable(query.get("client_id"))));
        }
    }

    private void answer(HttpExchange exchange, Received request) throws IOException {
        Duration pause;
        Scripted scripted;
        synchronized (this) {
            received.add(request);
            pause = delay;
            scripted = script.poll();
        }
        server.pause(pause);
        if (scripted != null) {
            FakeServer.answer(
                    exchange, scripted.status, "application/json", scripted.body.getBytes(StandardCharsets.UTF_8));
            return;
        }
        int status;
        Map<String, ?> token;
        synchronized (this) {
            status = failure;
            token = status == 0 ? issue(request) : Map.of();
        }
        if (status == 0) {
            FakeServer.answer(exchange, 200, "application/json", JSON.writeValueAsBytes(token));
        } else {
            refuse(exchange, status, "scripted failure");
        }
    }

    private Map<String, ?> issue(Received request) throws IOException {
        long now = Instant.now().getEpochSecond();
        long expiry = now + tokenLife.toSeconds();
        String token = part(Map.of("typ", "JWT", "alg", "RS256", "kid", "fake"))
                + "."
                + part(Map.of(
                        "aud", request.resource(),
                        "iat", now,
                        "exp", expiry,
                        "jti", UUID.randomUUID().toString(),
                        "roles", roles))
                + "."
                + base64Url("no signature".getBytes(StandardCharsets.US_ASCII));
        issued.put(token, Instant.ofEpochSecond(expiry));
        return Map.of(
                "access_token", token,
                "expires_on", Long.toString(expiry),
                "resource", request.resource(),
                "token_type", "Bearer",
                "client_id", request.clientId().orElse("00000000-0000-0000-0000-000000000000"));
    }

    private static void refuse(HttpExchange exchange, int status, String message) throws IOException {
        byte[] body = JSON.writeValueAsBytes(Map.of(
                "statusCode", status,
                "message", message,
                "correlationId", UUID.randomUUID().toString()));
        FakeServer.answer(exchange, status, "application/json", body);
    }

    private static String part(Map<String, ?> claims) throws IOException {
        return base64Url(JSON.writeValueAsBytes(claims));
    }

    private static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new HashMap<>();
        if (uri.getRawQuery() != null) {
            for (String pair : uri.getRawQuery().split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    query.put(
                            pair.substring(0, equals),
                            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
                }
            }
        }
        return query;
    }
}
