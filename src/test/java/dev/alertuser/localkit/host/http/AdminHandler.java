package dev.alertuser.localkit.host.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.alertuser.localkit.host.function.FunctionDefinition;
import dev.alertuser.localkit.host.function.Invoker;
import dev.alertuser.localkit.host.function.Trigger;
import dev.alertuser.localkit.host.settings.HostKeys;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * {@code POST /admin/functions/{name}} with {@code {"input": "…"}}: runs a function that has no HTTP trigger, and does not wait for it.
 * Where keys are asked for, it wants the master key.
 */
final class AdminHandler implements HttpHandler {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final List<FunctionDefinition> functions;
    private final HostKeys keys;
    private final Invoker invoker;
    private final Executor threads;

    AdminHandler(List<FunctionDefinition> functions, HostKeys keys, Invoker invoker, Executor threads) {
        this.functions = functions;
        this.keys = keys;
        this.invoker = invoker;
        this.threads = threads;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(status(exchange, body), -1);
        }
    }

    private int status(HttpExchange exchange, byte[] body) throws IOException {
        if (!keys.open(AuthorizationLevel.ADMIN, LocalHttpRequest.key(exchange))) {
            return 401;
        }
        Optional<FunctionDefinition> function =
                function(exchange.getRequestURI().getPath().substring("/admin/functions/".length()));
        if (function.isEmpty() || !exchange.getRequestMethod().equals("POST")) {
            return 404;
        }
        try {
            JsonNode request = JSON.readTree(body);
            threads.execute(
                    () -> invoker.runAlone(function.get(), request.path("input").asText()));
            return 202;
        } catch (JsonProcessingException e) {
            return 400;
        }
    }

    private Optional<FunctionDefinition> function(String name) {
        return functions.stream()
                .filter(function -> function.name().equalsIgnoreCase(name))
                .filter(function -> !(function.trigger() instanceof Trigger.Http))
                .findFirst();
    }
}
