package dev.alertuser.localkit.fake;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;

/**
 * The managed-identity endpoint of App Service and Functions on loopback, protocol {@code 2019-08-01}. Thread-safe.
 *
 * <p>Like the platform it serves only the identity that the app has and resources that the tenant knows, and gives the same token of a resource
 * again until 5 minutes before its end: with the roles of the day when it was issued, whatever was granted since.
 */
public final class FakeIdentity implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Microsoft Graph, whose tokens Defender refuses. */
    public static final String GRAPH = "https://graph.microsoft.com";

    private static final Set<String> RESOURCES = Set.of(
            FakeDefender.AUDIENCE,
            "https://api-gcc.securitycenter.microsoft.us",
            "https://api-gov.securitycenter.microsoft.us",
            GRAPH,
            FakeEntra.ASSERTION_AUDIENCE,
            KeylessStorage.AUDIENCE);

    /** Longer than a caller waits and Defender takes. */
    private static final Duration RENEWAL = Duration.ofMinutes(5);

    private final Optional<String> clientId;
    private final String secret = UUID.randomUUID().toString();
    private final FakeServer server;

    private final Queue<Scripted> script = new ArrayDeque<>();
    private int failure;
    private Duration delay = Duration.ZERO;
    private Duration tokenLife = Duration.ofHours(24);
    private List<String> roles = List.of(FakeDefender.ROLE);
    private final List<Received> received = new ArrayList<>();
    private final Map<String, Issued> issued = new HashMap<>();

    /** One request with the right header. */
    public record Received(String resource, Optional<String> clientId) {}

    /** The token of a resource that is given again. */
    private record Issued(String token, Instant expiry) {}

    private FakeIdentity(int port, Optional<String> clientId) {
        this.clientId = clientId;
        server = new FakeServer(port, this::handle);
    }

    /** The endpoint of an app with a system-assigned identity, on any free port. */
    public static FakeIdentity start() {
        return new FakeIdentity(0, Optional.empty());
    }

    /** The endpoint of an app with a user-assigned identity and no other, as {@code infra} deploys it, on any free port. */
    public static FakeIdentity startUserAssigned() {
        return new FakeIdentity(0, Optional.of(UUID.randomUUID().toString()));
    }

    /** The environment that makes the app ask here for the identity that it has. */
    public Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("IDENTITY_ENDPOINT", endpoint().toString());
        environment.put("IDENTITY_HEADER", secret);
        clientId.ifPresent(id -> environment.put("AZURE_CLIENT_ID", id));
        return environment;
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

    /** How long the tokens that are issued from now on live. */
    public synchronized void tokenLife(Duration life) {
        this.tokenLife = life;
    }

    /** The roles in the tokens that are issued from now on; none for an identity that was granted nothing. */
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

    @Override
    public void close() {
        server.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Map<String, String> query = FormFields.read(exchange.getRequestURI().getRawQuery());
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
        Optional<Refusal> refusal = refusal(request);
        if (refusal.isPresent()) {
            refuse(exchange, refusal.get().status(), refusal.get().message());
        } else {
            FakeServer.answer(exchange, 200, "application/json", JSON.writeValueAsBytes(answer(request)));
        }
    }

    private record Refusal(int status, String message) {}

    /** In the platform's words, as they were seen. */
    private synchronized Optional<Refusal> refusal(Received request) {
        if (failure != 0) {
            return Optional.of(new Refusal(failure, "scripted failure"));
        } else if (!request.clientId().equals(clientId)) {
            return Optional.of(
                    new Refusal(
                            400,
                            "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId."));
        } else if (!RESOURCES.contains(request.resource())) {
            return Optional.of(new Refusal(
                    400,
                    "AADSTS500011: The resource principal named " + request.resource()
                            + " was not found in the tenant."));
        }
        return Optional.empty();
    }

    private synchronized Map<String, ?> answer(Received request) {
        Issued token = issued.get(request.resource());
        if (token == null || !Instant.now().plus(RENEWAL).isBefore(token.expiry())) {
            token = issue(request.resource());
        }
        return Map.of(
                "access_token", token.token(),
                "expires_on", Long.toString(token.expiry().getEpochSecond()),
                "resource", request.resource(),
                "token_type", "Bearer",
                "client_id", clientId.orElse("00000000-0000-0000-0000-000000000000"));
    }

    private Issued issue(String resource) {
        Instant expiry = Instant.now().plus(tokenLife).truncatedTo(ChronoUnit.SECONDS);
        Issued token = new Issued(new FakeToken(resource, roles, expiry).signed(), expiry);
        issued.put(resource, token);
        return token;
    }

    private static void refuse(HttpExchange exchange, int status, String message) throws IOException {
        byte[] body = JSON.writeValueAsBytes(Map.of(
                "statusCode", status,
                "message", message,
                "correlationId", UUID.randomUUID().toString()));
        FakeServer.answer(exchange, status, "application/json", body);
    }
}
