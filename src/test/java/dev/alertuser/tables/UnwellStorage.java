package dev.alertuser.tables;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A storage service on loopback that answers nothing as it should. */
public final class UnwellStorage implements AutoCloseable {
    private final ServerSocket server;
    private final Function<String, BadAnswer> answers;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    public UnwellStorage(BadAnswer answer) {
        this(request -> answer);
    }

    /** @param answers to the first line of a request */
    public UnwellStorage(Function<String, BadAnswer> answers) {
        this.answers = answers;
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

    /** The first lines of the requests that came. */
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
                request = BadAnswer.readRequest(connection.getInputStream());
                if (!request.isEmpty()) {
                    requests.add(request);
                }
            } while (!request.isEmpty() && answers.apply(request).give(connection));
        } catch (IOException e) {
            // The client went away.
        }
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
