package dev.alertuser.localkit.host.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.azure.functions.spi.inject.FunctionInstanceInjector;
import dev.alertuser.localkit.host.function.Invoker.WorkerEndedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InvokerTest {
    private final Logger log = Logger.getAnonymousLogger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "timer");
        thread.setDaemon(true);
        return thread;
    });

    @BeforeEach
    void quiet() {
        log.setLevel(Level.OFF);
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
        timer.shutdownNow();
    }

    /** Does not end by itself. */
    public static final class Hanging {
        public void run() throws InterruptedException {
            new CountDownLatch(1).await();
        }
    }

    @Test
    void theEndOfTheWorkerIsNotCutShortByThatOfTheJvm() throws Exception {
        CompletableFuture<Boolean> daemon = new CompletableFuture<>();
        Invoker invoker = new Invoker(
                Duration.ofMillis(100),
                threads,
                timer,
                () -> daemon.complete(Thread.currentThread().isDaemon()),
                log);
        FunctionDefinition hanging = new FunctionDefinition(
                "Hanging",
                Hanging.class.getMethod("run"),
                new Trigger.Warmup(),
                List.of(),
                new FunctionInstanceInjector() {
                    @Override
                    public <T> T getInstance(Class<T> functionClass) throws ReflectiveOperationException {
                        return functionClass.getConstructor().newInstance();
                    }
                });

        assertThatThrownBy(() -> invoker.call(hanging, "", Map.of(), LocalTraceContext.started()))
                .isInstanceOf(WorkerEndedException.class);

        assertThat(daemon.join())
                .as("daemon, for which a JVM whose other threads have ended does not wait")
                .isFalse();
    }
}
