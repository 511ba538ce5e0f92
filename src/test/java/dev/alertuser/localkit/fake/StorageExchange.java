package dev.alertuser.localkit.fake;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;

/** One request to storage, and what may be done with it. */
public final class StorageExchange {
    /** One connection of a client, and the one to the service behind it. */
    record Connection(int number, boolean toQueues, Socket client, InputStream in, Service service) {}

    /** Sends a request on. */
    @FunctionalInterface
    interface Service {
        HttpMessage ask(HttpMessage request) throws IOException;
    }

    private final Connection connection;
    private final int number;
    private final HttpMessage request;
    private boolean answered;
    private boolean open;

    StorageExchange(Connection connection, int number, HttpMessage request) {
        this.connection = connection;
        this.number = number;
        this.request = request;
    }

    /** Method and target, such as {@code GET /account/Table(...) HTTP/1.1}. */
    public String request() {
        return request.firstLine();
    }

    /** True if the request is for the queue service, false if it is for the table service. */
    public boolean isForQueues() {
        return connection.toQueues();
    }

    /** The number of the connection, from 1. */
    public int connection() {
        return connection.number();
    }

    /** The number of the request in its connection, from 1. */
    public int number() {
        return number;
    }

    /** Sends the request on, and waits for its answer. */
    public HttpMessage ask() throws IOException {
        return connection.service().ask(request);
    }

    /** Gives an answer; then the client may send its next request, unless the answer says that the connection ends. */
    public void answer(HttpMessage answer) throws IOException {
        answer.writeTo(out());
        answered = true;
        open = answer.header("Connection").filter("close"::equalsIgnoreCase).isEmpty();
    }

    /** For bytes that are no whole answer. */
    public OutputStream out() throws IOException {
        return connection.client().getOutputStream();
    }

    /** Makes the connection break where it otherwise ends in order. */
    public void reset() throws IOException {
        connection.client().setSoLinger(true, 0);
    }

    /** Waits until the client closes its connection. */
    public void awaitEndOfClient() throws IOException {
        try {
            while (connection.in().read() >= 0) {
                // It has nothing to say before its answer is there.
            }
        } catch (SocketException e) {
            // It reset the connection.
        }
    }

    boolean isAnswered() {
        return answered;
    }

    boolean isOpen() {
        return open;
    }
}
