package dev.alertuser.localkit.host.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import dev.alertuser.localkit.host.settings.HostSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The platform's sign-in in front of the functions, with its token store. It lets callers without a sign-in pass, as the platform does when
 * it is told to, so that what the functions themselves ask for is seen: it verifies a bearer token and refuses a wrong one, adds its headers
 * about the user, and takes them away from callers who send them.
 */
final class SignInFront {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String BEARER = "Bearer ";
    private static final String COOKIE = "AppServiceAuthSession";
    private static final String PRINCIPAL = "x-ms-client-principal";
    private static final String TOKEN = "x-ms-token-aad-access-token";

    private final URI authority;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    private record Session(String user, String token) {}

    private SignInFront(URI authority) {
        this.authority = authority;
    }

    /** Empty unless the settings say that it is in front. */
    static Optional<SignInFront> of(HostSettings settings) {
        return settings.find("WEBSITE_AUTH_ENABLED")
                .filter(enabled -> enabled.equalsIgnoreCase("true"))
                .flatMap(enabled -> settings.find("AZURE_AUTHORITY_HOST"))
                .map(authority -> new SignInFront(URI.create(authority)));
    }

    /** Whether the request has a token that is not one for this app. */
    boolean refuses(HttpExchange exchange) {
        return bearer(exchange).filter(token -> claims(token).isEmpty()).isPresent();
    }

    /** What it says of the user; an empty text in place of what a caller without a sign-in claims. */
    Map<String, String> headers(HttpExchange exchange) {
        Optional<Session> session = session(exchange);
        String token = bearer(exchange).or(() -> session.map(Session::token)).orElse("");
        Optional<JsonNode> claims = token.isEmpty() ? Optional.empty() : claims(token);
        return Map.of(
                PRINCIPAL,
                claims.map(SignInFront::principal).orElse(""),
                TOKEN,
                claims.flatMap(signedIn -> session.map(Session::token)).orElse(""));
    }

    private static String principal(JsonNode claims) {
        String json = JSON.createObjectNode()
                .put("auth_typ", "aad")
                .set(
                        "claims",
                        JSON.createArrayNode()
                                .add(JSON.createObjectNode()
                                        .put("typ", "http://schemas.microsoft.com/identity/claims/objectidentifier")
                                        .put("val", claims.path("oid").asText()))
                                .add(JSON.createObjectNode()
                                        .put("typ", "http://schemas.microsoft.com/identity/claims/tenantid")
                                        .put("val", claims.path("tid").asText())))
                .toString();
        return Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> bearer(HttpExchange exchange) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .filter(header -> header.startsWith(BEARER))
                .map(header -> header.substring(BEARER.length()));
    }

    private Optional<Session> session(HttpExchange exchange) {
        for (String cookie : exchange.getRequestHeaders()
                .getOrDefault("Cookie", List.of(""))
                .get(0)
                .split("; ", -1)) {
            if (cookie.startsWith(COOKIE + "=")) {
                return Optional.ofNullable(sessions.get(cookie.substring(COOKIE.length() + 1)));
            }
        }
        return Optional.empty();
    }

    private Optional<JsonNode> claims(String token) {
        HttpResponse<String> answer = ask("/check", token);
        try {
            return answer.statusCode() == 200 ? Optional.of(JSON.readTree(answer.body())) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> ask(String path, String body) {
        try {
            return http.send(
                    HttpRequest.newBuilder(authority.resolve(path))
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** {@code /.auth/login/aad}, where one is Ada unless {@code user} says otherwise, {@code /.auth/refresh} and {@code /.auth/logout}. */
    void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String query =
                    Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
            switch (exchange.getRequestURI().getPath()) {
                case "/.auth/login/aad" -> {
                    signIn(exchange, parameter(query, "user").orElse("Ada"));
                    redirect(
                            exchange,
                            parameter(query, "post_login_redirect_uri").orElse("/"));
                }
                case "/.auth/refresh" -> {
                    Optional<Session> session = session(exchange);
                    session.ifPresent(known -> signIn(exchange, known.user()));
                    exchange.sendResponseHeaders(session.isPresent() ? 200 : 401, -1);
                }
                case "/.auth/logout" -> {
                    exchange.getResponseHeaders().add("Set-Cookie", COOKIE + "=; Path=/; Max-Age=0");
                    redirect(
                            exchange,
                            parameter(query, "post_logout_redirect_uri").orElse("/"));
                }
                default -> exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private void signIn(HttpExchange exchange, String user) {
        String id = UUID.randomUUID().toString();
        sessions.put(id, new Session(user, ask("/sign-in", user).body()));
        exchange.getResponseHeaders().add("Set-Cookie", COOKIE + "=" + id + "; Path=/; HttpOnly; SameSite=Lax");
    }

    /** To this host only. */
    private static void redirect(HttpExchange exchange, String path) throws IOException {
        boolean own = path.startsWith("/") && !path.startsWith("//");
        exchange.getResponseHeaders().add("Location", own ? path : "/");
        exchange.sendResponseHeaders(302, -1);
    }

    private static Optional<String> parameter(String query, String name) {
        for (String pair : query.split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return Optional.of(URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }
}
