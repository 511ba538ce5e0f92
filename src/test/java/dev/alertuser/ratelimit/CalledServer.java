package dev.alertuser.ratelimit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What the permits are for: a server that notes when it is called, and when the call says that it was let go. */
final class CalledServer implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final List<Call> calls = new ArrayList<>();

    /**
     * One call, in milliseconds of this machine's clock, which all processes of a test share.
     *
     * @param left when the holder of the permit looked whether it may still be used
     * @param arrived when the server read the request
     */
    record Call(long left, long arrived) {}

    CalledServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            long left = Long.parseLong(exchange.getRequestURI().getPath().substring(1));
            note(new Call(left, System.currentTimeMillis()));
            exchange.sendResponseHeaders(204, -1);
        }
    }

    private synchronized void note(Call call) {
        calls.add(call);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    /** Those that came in so far. */
    synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    /** Calls it, from whatever process. */
    static void call(URI server, long left) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) server.resolve(Long.toString(left)).toURL().openConnection();
        if (connection.getResponseCode() != 204) {
            throw new IOException("answered " + connection.getResponseCode());
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
