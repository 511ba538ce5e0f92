package dev.alertuser.localkit.host.function;

import com.microsoft.azure.functions.TraceContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs functions as the Java worker does: it catches {@link Exception} and nothing else. Thread-safe. */
public final class Invoker {
    private final Duration functionTimeout;
    private final Logger log;

    /** The call will never be answered: an {@link Error} came out of it, and the time that a function has is over. */
    public static final class UnansweredException extends Exception {
        private static final long serialVersionUID = 1L;

        UnansweredException(Error cause) {
            super(cause);
        }
    }

    public Invoker(Duration functionTimeout, Logger log) {
        this.functionTimeout = functionTimeout;
        this.log = log;
    }

    /**
     * Runs a function in this thread, and waits in vain when the worker would.
     *
     * @return what it returned
     * @throws UnansweredException late: only when {@code functionTimeout} is over, or the thread is interrupted
     * @throws Exception what the function threw
     */
    public Object call(FunctionDefinition function, Object input, Map<String, String> metadata, TraceContext trace)
            throws Exception {
        long start = System.nanoTime();
        try {
            return run(function, input, metadata, trace);
        } catch (Error e) {
            log.severe(() -> function.name() + " will not answer: the worker catches no Error");
            sleepUntil(start + functionTimeout.toNanos());
            throw new UnansweredException(e);
        }
    }

    /** Runs a function for which nobody waits: a failure is logged, and that is all. */
    public void runAlone(FunctionDefinition function, String input) {
        try {
            run(function, input, Map.of(), LocalTraceContext.started());
        } catch (Exception | Error e) {
            log.fine(() -> function.name() + " was not waited for");
        }
    }

    private Object run(FunctionDefinition function, Object input, Map<String, String> metadata, TraceContext trace)
            throws Exception {
        long start = System.nanoTime();
        try (LocalExecutionContext context = new LocalExecutionContext(function.name(), trace, log)) {
            Object result = function.invoke(new Call(input, metadata, context));
            log.info(() -> function.name() + " succeeded in " + millisSince(start) + " ms");
            return result;
        } catch (Exception | Error e) {
            log.log(Level.SEVERE, e, () -> function.name() + " failed in " + millisSince(start) + " ms");
            throw e;
        }
    }

    private static long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    private static void sleepUntil(long deadline) {
        try {
            TimeUnit.NANOSECONDS.sleep(deadline - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
