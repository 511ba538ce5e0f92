package dev.alertuser.localkit.host.http;

import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.alertuser.localkit.host.function.Deadline;
import dev.alertuser.localkit.host.function.FunctionDefinition;
import dev.alertuser.localkit.host.function.Invoker;
import dev.alertuser.localkit.host.function.LocalTraceContext;
import dev.alertuser.localkit.host.function.RunningCalls;
import dev.alertuser.localkit.host.function.Trigger;
import dev.alertuser.localkit.host.settings.HostKeys;
import dev.alertuser.localkit.host.settings.HostSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.logging.Logger;

/** Serves the functions with an HTTP trigger, on loopback, as the platform behind its load balancer. */
public final class HttpListener {
    /** Enough that a burst of callers does not wait for the kernel. */
    private static final int BACKLOG = 1024;

    private final int bodyLimit;
    private final HostKeys keys;
    private final Duration timeout;
    private final List<FunctionDefinition> functions;
    private final Invoker invoker;
    private final Logger log;
    private final HttpServer server;
    private final RunningCalls running = new RunningCalls();
    private final Optional<SignInFront> front;

    /**
     * Takes the port and does not serve yet.
     *
     * @throws java.net.BindException if the port is taken
     */
    public HttpListener(
            int port,
            HostSettings settings,
            List<FunctionDefinition> functions,
            Invoker invoker,
            ExecutorService threads,
            Logger log)
            throws IOException {
        this.bodyLimit = settings.requestBodySizeLimit();
        this.keys = settings.keys();
        this.timeout = settings.httpTimeout();
        this.functions = functions.stream()
                .filter(function -> function.trigger() instanceof Trigger.Http)
                .sorted(Comparator.comparingLong(HttpListener::literals).reversed())
                .toList();
        this.invoker = invoker;
        this.log = log;
        this.front = SignInFront.of(settings);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.createContext("/admin/functions/", new AdminHandler(functions, keys, invoker, threads));
        front.ifPresent(signIn -> server.createContext("/.auth/", signIn::serve));
    }

    public void start() {
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Requests under way. */
    public int running() {
        return running.count();
    }

    /** Serves on until the requests under way have ended, or the time is up. */
    public void close(Deadline deadline) {
        running.awaitAtMost(0, deadline.left());
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        running.enter();
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(bodyLimit + 1);
            // A caller that is answered while it still sends would see a broken connection.
            exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            Optional<Match> match = match(exchange);
            if (match.isEmpty()) {
                exchange.sendResponseHeaders(404, -1);
            } else if (!keys.open(match.get().level(), LocalHttpRequest.key(exchange))
                    || front.filter(signIn -> signIn.refuses(exchange)).isPresent()) {
                exchange.sendResponseHeaders(401, -1);
            } else if (body.length > bodyLimit) {
                exchange.sendResponseHeaders(413, -1);
            } else {
                answer(exchange, match.get(), body);
            }
        } finally {
            running.leave();
        }
    }

    private record Match(FunctionDefinition function, Map<String, String> parameters) {
        AuthorizationLevel level() {
            return ((Trigger.Http) function.trigger()).level();
        }
    }

    /** A wrong method is no match, as on the platform. */
    private Optional<Match> match(HttpExchange exchange) {
        for (FunctionDefinition function : functions) {
            Trigger.Http trigger = (Trigger.Http) function.trigger();
            Optional<Map<String, String>> parameters =
                    trigger.route().match(exchange.getRequestURI().getRawPath());
            if (parameters.isPresent() && trigger.allows(exchange.getRequestMethod())) {
                return Optional.of(new Match(function, parameters.get()));
            }
        }
        return Optional.empty();
    }

    private static long literals(FunctionDefinition function) {
        return ((Trigger.Http) function.trigger()).route().literals();
    }

    private void answer(HttpExchange exchange, Match match, byte[] body) throws IOException {
        HttpAnswer answer;
        try {
            answer = HttpAnswer.of(call(exchange, match, body));
        } catch (TimeoutException e) {
            log.warning(() -> match.function().name() + " runs on, but its caller is answered 504 after " + timeout);
            answer = HttpAnswer.GATEWAY_TIMEOUT;
        } catch (Exception e) {
            answer = HttpAnswer.FAILURE;
        }
        answer.send(exchange);
    }

    private Object call(HttpExchange exchange, Match match, byte[] body) throws Exception {
        LocalHttpRequest request = LocalHttpRequest.of(
                exchange, front.map(signIn -> signIn.headers(exchange)).orElse(Map.of()), body);
        Map<String, String> metadata = new HashMap<>(request.getQueryParameters());
        metadata.putAll(match.parameters());
        Map<String, String> headers = request.getHeaders();
        LocalTraceContext trace = LocalTraceContext.continuing(
                headers.getOrDefault("traceparent", ""), headers.getOrDefault("tracestate", ""));
        return invoker.call(match.function(), request, metadata, trace, timeout);
    }
}
