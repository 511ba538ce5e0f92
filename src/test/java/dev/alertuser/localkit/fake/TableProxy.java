package dev.alertuser.localkit.fake;

import dev.alertuser.localkit.process.Azurite;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands before the tables of an emulator and hands their answers on late, or loses some: then the server has done what it was asked, and the client's
 * connection breaks instead of telling so.
 */
public final class TableProxy implements AutoCloseable {
    private static final Pattern TABLE_PORT = Pattern.compile("TableEndpoint=http://127\\.0\\.0\\.1:(\\d+)");

    private final ServerSocket server;
    private final String connectionString;
    private final int targetPort;
    private final double loss;
    private final Duration latency;
    private final Optional<String> hangingTable;
    private final Random random = new Random();
    private final AtomicInteger lost = new AtomicInteger();

    private TableProxy(String connectionString, double loss, Duration latency, Optional<String> hangingTable)
            throws IOException {
        Matcher table = TABLE_PORT.matcher(connectionString);
        if (!table.find()) {
            throw new IllegalArgumentException("no table endpoint in the connection string");
        }
        this.targetPort = Integer.parseInt(table.group(1));
        this.loss = loss;
        this.latency = latency;
        this.hangingTable = hangingTable;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.connectionString = connectionString.substring(0, table.start(1))
                + server.getLocalPort()
                + connectionString.substring(table.end(1));
        start(this::accept);
    }

    /**
     * Loses answers after they were given.
     *
     * @param loss the share of answers that are lost, 0 to 1
     */
    public static TableProxy losing(Azurite azurite, double loss) throws IOException {
        return new TableProxy(azurite.connectionString(), loss, Duration.ZERO, Optional.empty());
    }

    /** Hands each answer on after that time. */
    public static TableProxy delaying(Azurite azurite, Duration latency) throws IOException {
        return new TableProxy(azurite.connectionString(), 0, latency, Optional.empty());
    }

    /** Never hands on what is asked of that table. */
    public static TableProxy hanging(Azurite azurite, String table) throws IOException {
        return new TableProxy(azurite.connectionString(), 0, Duration.ZERO, Optional.of(table));
    }

    /** That of the storage account, with the tables behind this proxy. */
    public String connectionString() {
        return connectionString;
    }

    /** Answers that were lost so far. */
    public int lost() {
        return lost.get();
    }

    private static void start(Runnable body) {
        Thread thread = new Thread(body, "table proxy");
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
                    if (!hangs(new String(buffer, 0, read, StandardCharsets.ISO_8859_1))) {
                        out.write(buffer, 0, read);
                    }
                }
            } catch (IOException e) {
                // The other direction sees it too.
            }
        }

        /** A request's head comes in one piece. */
        private boolean hangs(String request) {
            return hangingTable.filter(request::contains).isPresent();
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
                    if (answerBegins) {
                        Thread.sleep(latency.toMillis());
                    }
                    answerBegins = false;
                    out.write(buffer, 0, read);
                }
            } catch (IOException e) {
                // The other direction sees it too.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
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
