package dev.alertuser.ratelimit;

import dev.alertuser.localkit.Azurite;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands before an HTTP server on loopback and loses some of its answers: the server has done what it was asked, and the client's
 * connection breaks instead of telling so.
 */
final class LossyProxy implements Closeable {
    private static final Pattern TABLE_PORT = Pattern.compile("TableEndpoint=http://127\\.0\\.0\\.1:(\\d+)");

    private final ServerSocket server;
    private final String connectionString;
    private final int targetPort;
    private final double loss;
    private final Random random = new Random();
    private final AtomicInteger lost = new AtomicInteger();

    private LossyProxy(String connectionString, double loss) throws IOException {
        Matcher table = TABLE_PORT.matcher(connectionString);
        if (!table.find()) {
            throw new IllegalArgumentException("no table endpoint in the connection string");
        }
        this.targetPort = Integer.parseInt(table.group(1));
        this.loss = loss;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.connectionString = connectionString.substring(0, table.start(1))
                + server.getLocalPort()
                + connectionString.substring(table.end(1));
        start(this::accept);
    }

    /**
     * Stands before Azurite's tables.
     *
     * @param loss the share of answers that are lost, 0 to 1
     */
    static LossyProxy before(Azurite azurite, double loss) throws IOException {
        return new LossyProxy(azurite.connectionString(), loss);
    }

    /** That of the storage account, with the tables behind this proxy. */
    String connectionString() {
        return connectionString;
    }

    /** Answers that were lost so far. */
    int lost() {
        return lost.get();
    }

    private static void start(Runnable body) {
        Thread thread = new Thread(body, "lossy proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Connection connection =
                        new Connection(server.accept(), new Socket(InetAddress.getLoopbackAddress(), targetPort));
                start(connection::passRequests);
                start(connection::passAnswers);
            } catch (IOException e) {
                // Closed, or the target is down: the client sees a broken connection either way.
            }
        }
    }

    /** HTTP/1.1 without pipelining: what comes from the server after something came from the client begins an answer. */
    private final class Connection {
        private final Socket client;
        private final Socket target;
        private volatile boolean answerBegins;

        Connection(Socket client, Socket target) throws IOException {
            this.client = client;
            this.target = target;
            client.setTcpNoDelay(true);
            target.setTcpNoDelay(true);
        }

        private void passRequests() {
            byte[] buffer = new byte[65_536];
            try (client;
                    target) {
                InputStream in = client.getInputStream();
                OutputStream out = target.getOutputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    answerBegins = true;
                    out.write(buffer, 0, read);
                }
            } catch (IOException e) {
                // The other direction sees it too.
            }
        }

        private void passAnswers() {
            byte[] buffer = new byte[65_536];
            try (client;
                    target) {
                InputStream in = target.getInputStream();
                OutputStream out = client.getOutputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    if (answerBegins && random.nextDouble() < loss) {
                        lost.incrementAndGet();
                        return;
                    }
                    answerBegins = false;
                    out.write(buffer, 0, read);
                }
            } catch (IOException e) {
                // The other direction sees it too.
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
