package dev.alertuser.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.alertuser.functions.analyst.AnalystOutput;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The app behind the platform's sign-in, as far as the analysts' page sees it: the page itself, a lookup that answers by script, and the
 * platform's own addresses. Without a script each alert has a user. Thread-safe.
 */
final class AnalystFront implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Deque<Answer> script = new ArrayDeque<>();
    private final List<Received> received = new ArrayList<>();
    private boolean refreshes;

    /** One answer of the lookup; status 0 breaks it off. */
    private record Answer(int status, Map<String, String> headers, String body) {}

    /** One request to the lookup or to the platform. */
    record Received(String target, Map<String, List<String>> headers, String body) {
        List<String> alertIds() throws IOException {
            List<String> ids = new ArrayList<>();
            JSON.readTree(body).get("alertIds").forEach(id -> ids.add(id.textValue()));
            return ids;
        }
    }

    private AnalystFront() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                handle(exchange);
            }
        });
        server.start();
    }

    static AnalystFront start() throws IOException {
        return new AnalystFront();
    }

    String url(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }

    /** Refuses the next request of the lookup. */
    void refuseNext(int status, String code, String message) {
        refuseNext(status, code, message, Map.of());
    }

    synchronized void refuseNext(int status, String code, String message, Map<String, String> headers) {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("error").put("code", code).put("message", message);
        script.add(new Answer(status, headers, code.isEmpty() ? "" : body.toString()));
    }

    /** Breaks off the next answer of the lookup. One that has not begun is repeated by the browser itself. */
    synchronized void breakOffNext() {
        script.add(new Answer(0, Map.of(), ""));
    }

    /** Answers the next request of the lookup with these outcomes. */
    synchronized void answerNext(ObjectNode... outcomes) {
        script.add(new Answer(200, Map.of(), answer(List.of(outcomes))));
    }

    /** Whether the platform can renew the sign-in. */
    synchronized void refreshes(boolean yes) {
        refreshes = yes;
    }

    synchronized List<Received> received() {
        return List.copyOf(received);
    }

    static ObjectNode found(String alertId, String user) throws IOException {
        JsonNode json = JSON.readTree(user);
        ObjectNode outcome = outcome(alertId, "found");
        outcome.set("user", json);
        ObjectNode account = outcome.putObject("account").put("Type", "account");
        account.put("Name", json.path("accountName").asText())
                .put("NTDomain", json.path("accountDomain").asText());
        return outcome;
    }

    static ObjectNode outcome(String alertId, String outcome) {
        return JSON.createObjectNode()
                .put("alertId", alertId)
                .put("outcome", outcome)
                .putNull("source")
                .putNull("user")
                .putNull("account")
                .putNull("error");
    }

    static ObjectNode failed(String alertId, String outcome, String code, String message) {
        ObjectNode json = outcome(alertId, outcome);
        json.putObject("error").put("code", code).put("message", message);
        return json;
    }

    static ObjectNode inLine(String alertId, long seconds) {
        return failed(alertId, "deferred", "BudgetExhausted", "spent").put("retryAfterSeconds", seconds);
    }

    private static String answer(List<ObjectNode> outcomes) {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode results = body.putArray("results");
        ArrayNode accounts = body.putArray("accounts");
        for (ObjectNode outcome : outcomes) {
            results.add(outcome);
            if (!outcome.get("account").isNull()) {
                accounts.add(outcome.get("account"));
            }
        }
        body.putArray("skipped");
        body.putArray("duplicates");
        return body.toString();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        URI target = exchange.getRequestURI();
        if (target.getPath().equals("/api/analyst")) {
            page(exchange);
            return;
        }
        Received request = new Received(target.toString(), Map.copyOf(exchange.getRequestHeaders()), body);
        Answer answer;
        synchronized (this) {
            received.add(request);
            answer = next(request);
        }
        if (answer.status() == 0) {
            exchange.sendResponseHeaders(200, 1000);
            return;
        }
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        send(exchange, answer.status(), answer.body());
    }

    private Answer next(Received request) throws IOException {
        return switch (URI.create(request.target()).getPath()) {
            case "/.auth/refresh" -> new Answer(refreshes ? 200 : 401, Map.of(), "");
            case "/.auth/login/aad" -> new Answer(302, Map.of("Location", "/api/analyst"), "");
            case "/api/me/alerts/users" -> script.isEmpty() ? all(request) : script.remove();
            default -> new Answer(404, Map.of(), "");
        };
    }

    private static Answer all(Received request) throws IOException {
        List<ObjectNode> outcomes = new ArrayList<>();
        for (String id : request.alertIds()) {
            outcomes.add(found(id, "{\"accountName\":\"user of " + id + "\",\"accountDomain\":\"contoso\"}"));
        }
        return new Answer(200, Map.of(), answer(outcomes));
    }

    private static void page(HttpExchange exchange) throws IOException {
        HttpResponseMessage page = AnalystOutput.page(AnalystOutput.SIGNED_IN);
        for (String name : List.of("Content-Type", "Content-Security-Policy", "Referrer-Policy", "Cache-Control")) {
            exchange.getResponseHeaders().set(name, page.getHeader(name));
        }
        send(exchange, 200, (String) page.getBody());
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
