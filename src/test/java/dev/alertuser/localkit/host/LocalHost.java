package dev.alertuser.localkit.host;

import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueMessageEncoding;
import com.azure.storage.queue.QueueServiceClient;
import com.microsoft.azure.functions.spi.inject.FunctionInstanceInjector;
import dev.alertuser.localkit.host.function.Deadline;
import dev.alertuser.localkit.host.function.FunctionDefinition;
import dev.alertuser.localkit.host.function.FunctionScanner;
import dev.alertuser.localkit.host.function.Invoker;
import dev.alertuser.localkit.host.function.Trigger;
import dev.alertuser.localkit.host.http.HttpListener;
import dev.alertuser.localkit.host.queue.QueueConnection;
import dev.alertuser.localkit.host.queue.QueueListener;
import dev.alertuser.localkit.host.settings.HostSettings;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.logging.Handler;
import java.util.logging.Logger;

/**
 * Serves the functions of a package until it is closed: requests and queue messages, and before them, if it is told so, the warm-up
 * functions. Each call has a thread of its own, as in the worker.
 *
 * <p>A call that takes longer than {@code functionTimeout} ends the worker with all that it runs. In a process of its own (see {@link #main})
 * the host then ends with {@link #WORKER_ENDED}, since only so every thread of the functions ends, and is to be started again; elsewhere it
 * interrupts the threads of the calls and serves on.
 */
public final class LocalHost implements AutoCloseable {
    /** Where the app keeps its functions. */
    public static final String FUNCTIONS = "dev.alertuser.functions";

    /** What {@link #main} prints when it is ready, before the port. */
    public static final String READY = "Local Functions host listening on http://localhost:";

    /** What {@link #main} prints when it is to end while calls run, before their number. */
    public static final String WAITING = "The Functions host waits for running calls, at most 8 s: ";

    /** The exit code of a host whose worker ended. */
    public static final int WORKER_ENDED = 75;

    /** For the calls that run when the host closes. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private static final String POISON = "-poison";

    private final Logger log = Logger.getLogger("host");
    private final ExecutorService threads;
    private final HttpListener http;
    private final List<QueueListener> queues = new ArrayList<>();
    private final ScheduledExecutorService timer = timer();
    private volatile boolean endsWithWorker;

    private LocalHost(HostSettings settings, String functionPackage, FunctionInstanceInjector instances, int port)
            throws IOException {
        List<FunctionDefinition> functions = new FunctionScanner(settings, instances).scan(functionPackage);
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "call");
            thread.setDaemon(true);
            return thread;
        });
        Invoker invoker = new Invoker(settings.functionTimeout(), threads, timer, this::endWorker, log);
        http = new HttpListener(port, settings, functions, invoker, threads, log);
        for (FunctionDefinition function : functions) {
            if (function.trigger() instanceof Trigger.Queue trigger) {
                queues.add(listener(function, trigger, settings, invoker));
            }
        }
        if (settings.warmsUp()) {
            warmUp(functions, invoker);
        }
        queues.forEach(QueueListener::start);
        http.start();
    }

    /**
     * Starts a host; it serves when this returns.
     *
     * @param functionPackage the functions in it and below it are served
     * @param port 0 for any free one
     * @throws BindException if the port is taken
     * @throws IllegalArgumentException if there is no such package, or a function that this host cannot serve
     */
    public static LocalHost start(HostSettings settings, String functionPackage, int port) throws IOException {
        return new LocalHost(settings, functionPackage, new OwnInstances(), port);
    }

    /** The port on loopback. */
    public int port() {
        return http.port();
    }

    private QueueListener listener(
            FunctionDefinition function, Trigger.Queue trigger, HostSettings settings, Invoker invoker) {
        QueueServiceClient service = QueueConnection.of(trigger.connection(), settings)
                .messageEncoding(QueueMessageEncoding.NONE)
                // The SDK's own patience, minutes, would hide an outage and its end; the listener asks again itself.
                .retryOptions(new RequestRetryOptions(
                        RetryPolicyType.FIXED,
                        3,
                        Duration.ofSeconds(10),
                        Duration.ofMillis(500),
                        Duration.ofMillis(500),
                        null))
                .buildClient();
        String name = trigger.queueName();
        Optional<QueueClient> poison =
                name.endsWith(POISON) ? Optional.empty() : Optional.of(service.getQueueClient(name + POISON));
        return new QueueListener(
                function, service.getQueueClient(name), poison, settings.queues(), invoker, threads, timer, log);
    }

    private static ScheduledExecutorService timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /** The platform takes traffic even when its warm-up failed, and so does this host. */
    private static void warmUp(List<FunctionDefinition> functions, Invoker invoker) {
        functions.stream()
                .filter(function -> function.trigger() instanceof Trigger.Warmup)
                .forEach(function -> invoker.runAlone(function, "{}"));
    }

    /** Fetches no more messages, lets what is under way end, for 8 s in all, and then serves no more. */
    @Override
    public void close() {
        queues.forEach(QueueListener::stop);
        Deadline deadline = Deadline.in(PATIENCE);
        queues.forEach(queue -> queue.awaitEnd(deadline));
        http.close(deadline);
        timer.shutdownNow();
        threads.shutdownNow();
    }

    /** All calls have failed by now; they are answered or put back in their queues before the process ends, which nothing can keep it from. */
    private void endWorker() {
        if (endsWithWorker) {
            Thread closing = new Thread(this::close, "end of host");
            closing.start();
            try {
                closing.join(PATIENCE.plusSeconds(2).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(WORKER_ENDED);
        }
    }

    private void end() {
        int calls = queues.stream().mapToInt(QueueListener::running).sum() + http.running();
        if (calls > 0) {
            System.out.println(WAITING + calls);
        }
        close();
    }

    /** As the worker does, before the first call. */
    private static FunctionInstanceInjector injectorOfTheApp() {
        return ServiceLoader.load(FunctionInstanceInjector.class).findFirst().orElseGet(OwnInstances::new);
    }

    /** The worker's own way. */
    private static final class OwnInstances implements FunctionInstanceInjector {
        @Override
        public <T> T getInstance(Class<T> functionClass) throws ReflectiveOperationException {
            return functionClass.getConstructor().newInstance();
        }
    }

    /**
     * Serves the app in the current directory until the process is to end.
     *
     * @param arguments the port (default: that of {@code local.settings.json}; 0 for any free one) and the package of the functions
     */
    public static void main(String... arguments) throws IOException {
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            handler.setFormatter(new HostLogFormat(ZoneId.systemDefault()));
        }
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "2000");
        HostSettings settings = HostSettings.read(Path.of(""), System.getenv());
        int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : settings.port();
        String functionPackage = arguments.length > 1 ? arguments[1] : FUNCTIONS;
        FunctionInstanceInjector instances =
                functionPackage.equals(FUNCTIONS) ? injectorOfTheApp() : new OwnInstances();
        try {
            LocalHost host = new LocalHost(settings, functionPackage, instances, port);
            host.endsWithWorker = true;
            Runtime.getRuntime().addShutdownHook(new Thread(host::end, "end of host"));
            System.out.println(READY + host.port());
        } catch (BindException e) {
            System.err.println("port " + port + ", which the local Functions host wants, is taken");
            System.exit(1);
        }
    }
}
