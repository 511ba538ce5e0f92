package dev.alertuser.localkit.fake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An HTTP server on loopback with a thread for each request, so that a slow answer holds up no other. */
final class FakeServer implements AutoCloseable {
    private final String scheme;
    private final HttpServer server;
    private final ExecutorService threads;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** @param port 0 for any free one */
    FakeServer(int port, HttpHandler handler) {
        this(port, null, handler);
    }

    /**
     * @param port 0 for any free one
     * @param certificate null for plain http
     */
    FakeServer(int port, @Nullable FakeCertificate certificate, HttpHandler handler) {
        scheme = certificate == null ? "http" : "https";
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "fake-server");
            thread.setDaemon(true);
            return thread;
        });
        try {
            server = create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), certificate);
        } catch (IOException e) {
            throw new UncheckedIOException("no server on port " + port, e);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                handler.handle(exchange);
            }
        });
        server.start();
    }

    private static HttpServer create(InetSocketAddress address, @Nullable FakeCertificate certificate)
            throws IOException {
        if (certificate == null) {
            return HttpServer.create(address, 0);
        }
        HttpsServer server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
        return server;
    }

    URI url() {
        return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Waits for the time, or until the server closes. */
    void pause(Duration time) {
        try {
            boolean cutShort = closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
            if (cutShort) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void answer(HttpExchange exchange, int status, String contentType, byte[] body) throws IOException {
        if (body.length == 0) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
