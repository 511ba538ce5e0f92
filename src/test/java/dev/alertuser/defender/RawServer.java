package dev.alertuser.defender;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP server on loopback that does to each connection what no HTTP server would. */
final class RawServer implements AutoCloseable {
    private final ServerSocket server;
    private final Behaviour behaviour;
    private final AtomicInteger connections = new AtomicInteger();
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private final CompletableFuture<String> firstResult = new CompletableFuture<>();

    /** What becomes of a connection; what is returned is kept of the first one. */
    interface Behaviour {
        String serve(Socket connection) throws IOException;
    }

    RawServer(Behaviour behaviour) {
        this.behaviour = behaviour;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    int connections() {
        return connections.get();
    }

    /** Until there was one. */
    void awaitConnection() {
        first.orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** What the first connection came to, once it is over. */
    String firstResult() {
        return firstResult.orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** Reads up to the blank line that ends a request's head. */
    static String readHead(Socket connection) throws IOException {
        InputStream in = connection.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    static void write(Socket connection, String text) throws IOException {
        connection.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        connection.getOutputStream().flush();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket connection = server.accept()) {
                connections.incrementAndGet();
                first.complete(null);
                firstResult.complete(behaviour.serve(connection));
            } catch (IOException e) {
                firstResult.completeExceptionally(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
