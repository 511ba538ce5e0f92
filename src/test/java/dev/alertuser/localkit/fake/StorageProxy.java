package dev.alertuser.localkit.fake;

import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.localkit.process.Azurite.Ports;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Stands before the tables and queues of a storage account, and makes it unwell: of the faults whose condition a request meets, the newest
 * treats it. Without one, requests and answers pass unchanged. It reads both as a whole.
 */
public final class StorageProxy implements AutoCloseable {
    private static final int BACKLOG = 200;

    private final ServerSocket tables = listen();
    private final ServerSocket queues = listen();
    private final Optional<Ports> storage;
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    private record Rule(Predicate<String> condition, StorageFault fault) {}

    private StorageProxy(Optional<Ports> storage) {
        this.storage = storage;
        start(() -> accept(tables, storage.map(Ports::table)));
        start(() -> accept(queues, storage.map(Ports::queue)));
    }

    /** Stands before an emulator. */
    public static StorageProxy before(Azurite azurite) {
        return new StorageProxy(Optional.of(azurite.ports()));
    }

    /** Stands before nothing, and treats each request so. */
    public static StorageProxy alone(StorageFault fault) {
        StorageProxy proxy = new StorageProxy(Optional.empty());
        proxy.treat(fault);
        return proxy;
    }

    /** Treats each request so from now on. */
    public void treat(StorageFault fault) {
        treat(request -> true, fault);
    }

    /**
     * Treats requests so from now on.
     *
     * @param condition on method and target, such as {@code GET /account/Table(...) HTTP/1.1}
     */
    public void treat(Predicate<String> condition, StorageFault fault) {
        rules.add(0, new Rule(condition, fault));
    }

    /** Ends all faults for the requests that come from now on. */
    public void heal() {
        rules.clear();
    }

    /** That of the storage account, with tables and queues behind this proxy. */
    public String connectionString() {
        int blobs = storage.map(Ports::blob).orElse(0);
        return Azurite.connectionString(new Ports(blobs, queues.getLocalPort(), tables.getLocalPort()));
    }

    /** Methods and targets of all requests so far. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** How many requests have met a fault that gave the client no answer. */
    public int unanswered() {
        return unanswered.get();
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(Runnable body) {
        Thread thread = new Thread(body, "storage-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(ServerSocket server, Optional<Integer> port) {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                start(() -> serve(client, server == queues, port));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client, boolean toQueues, Optional<Integer> port) {
        clients.add(client);
        try (client;
                Upstream upstream = new Upstream(port)) {
            client.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(client.getInputStream());
            StorageExchange.Connection connection =
                    new StorageExchange.Connection(connections.incrementAndGet(), toQueues, client, in, upstream::ask);
            boolean open = true;
            for (int number = 1; open; number++) {
                Optional<HttpMessage> request = HttpMessage.read(in);
                open = request.isPresent() && treat(new StorageExchange(connection, number, request.get()));
            }
        } catch (IOException e) {
            // Client, storage or proxy went away: the client sees a broken connection.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            clients.remove(client);
        }
    }

    private boolean treat(StorageExchange exchange) throws IOException, InterruptedException {
        requests.add(exchange.request());
        StorageFault fault = rules.stream()
                .filter(rule -> rule.condition().test(exchange.request()))
                .findFirst()
                .map(Rule::fault)
                .orElse(StorageFault.NONE);
        fault.treat(exchange);
        if (!exchange.isAnswered()) {
            unanswered.incrementAndGet();
        }
        return exchange.isOpen();
    }

    /** The connection to storage, which is opened by the first request that is sent on. */
    private static final class Upstream implements AutoCloseable {
        private final Optional<Integer> port;
        private Socket socket;
        private InputStream in;

        private Upstream(Optional<Integer> port) {
            this.port = port;
        }

        private HttpMessage ask(HttpMessage request) throws IOException {
            if (socket == null) {
                socket = new Socket(InetAddress.getLoopbackAddress(), port.orElseThrow(() -> new IOException("alone")));
                socket.setTcpNoDelay(true);
                in = new BufferedInputStream(socket.getInputStream());
            }
            request.writeTo(socket.getOutputStream());
            return HttpMessage.read(in).orElseThrow(() -> new IOException("storage closed the connection"));
        }

        @Override
        public void close() throws IOException {
            if (socket != null) {
                socket.close();
            }
        }
    }

    @Override
    public void close() {
        try {
            tables.close();
            queues.close();
            for (Socket client : clients) {
                client.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
