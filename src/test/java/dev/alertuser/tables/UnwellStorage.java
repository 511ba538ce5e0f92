package dev.alertuser.tables;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** A faulty storage service on loopback. */
public final class UnwellStorage implements AutoCloseable {
    /** Its behaviour on a request. */
    public interface Answer {
        /** Answers a read as a healthy table service does. */
        Answer NO_ROW = connection -> {
            String body = "{\"odata.error\":{\"code\":\"ResourceNotFound\",\"message\":{\"value\":\"none\"}}}";
            write(connection, 404, "application/json", body.length(), body);
            return true;
        };

        /** Answers a request that has been read; false if the connection ends. */
        boolean give(Socket connection) throws IOException;
    }

    private final ServerSocket server;
    private final Answer toReads;
    private final Answer toWrites;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    public UnwellStorage(Answer answer) {
        this(answer, answer);
    }

    public UnwellStorage(Answer toReads, Answer toWrites) {
        this.toReads = toReads;
        this.toWrites = toWrites;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    /** The connection string of its account. */
    public String connectionString() {
        String endpoint = "Endpoint=http://127.0.0.1:" + server.getLocalPort() + "/account;";
        return "DefaultEndpointsProtocol=http;AccountName=account;AccountKey=a2V5;Table" + endpoint + "Queue"
                + endpoint;
    }

    /** The first lines of all requests so far. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket connection = server.accept();
                start(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            String request;
            do {
                request = readRequest(connection.getInputStream());
                if (!request.isEmpty()) {
                    requests.add(request);
                }
            } while (!request.isEmpty() && answer(request).give(connection));
        } catch (IOException e) {
            // The client went away.
        }
    }

    private Answer answer(String request) {
        return request.startsWith("GET ") ? toReads : toWrites;
    }

    static void write(Socket connection, int status, String headers, int length, String body) throws IOException {
        String text = "HTTP/1.1 " + status + " Answer\r\nDate: Thu, 01 Jan 2026 12:00:00 GMT\r\nContent-Type: "
                + headers + "\r\nContent-Length: " + length + "\r\n\r\n" + body;
        connection.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        connection.getOutputStream().flush();
    }

    /** Reads one request with its body; empty if the client closed the connection. */
    private static String readRequest(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        String length = head.toString().toLowerCase(Locale.ROOT).replaceAll("(?s).*\ncontent-length: *(\\d+).*", "$1");
        in.readNBytes(length.matches("\\d+") ? Integer.parseInt(length) : 0);
        return head.substring(0, head.indexOf("\r\n"));
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "unwell-storage");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
