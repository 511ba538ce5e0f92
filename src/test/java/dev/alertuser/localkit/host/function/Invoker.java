package dev.alertuser.localkit.host.function;

import com.microsoft.azure.functions.TraceContext;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs functions as the Java worker does, each call in a thread of its own. Thread-safe.
 *
 * <p>The worker catches {@link Exception} and nothing else: a call out of which an {@link Error} came is never answered. Such a call, and
 * one that hangs, ends with {@code functionTimeout}. That is the end of the worker, too: every other call that it runs fails with it.
 */
public final class Invoker {
    private final Duration functionTimeout;
    private final Executor threads;
    private final ScheduledExecutorService timer;
    private final Runnable workerEnd;
    private final Logger log;
    private final Set<Answer> pending = ConcurrentHashMap.newKeySet();

    /** The call failed because it took longer than {@code functionTimeout}, or because another one did. */
    public static final class WorkerEndedException extends Exception {
        private static final long serialVersionUID = 1L;

        WorkerEndedException(String message) {
            super(message);
        }
    }

    private static final class Answer extends CompletableFuture<Object> {
        private volatile @Nullable Thread thread;
        private volatile @Nullable ScheduledFuture<?> end;
    }

    /** @param workerEnd is run in a thread of its own when a call took too long and all calls under way have failed */
    public Invoker(
            Duration functionTimeout,
            Executor threads,
            ScheduledExecutorService timer,
            Runnable workerEnd,
            Logger log) {
        this.timer = timer;
        this.functionTimeout = functionTimeout;
        this.threads = threads;
        this.workerEnd = workerEnd;
        this.log = log;
    }

    /**
     * Runs a function and waits for it.
     *
     * @return what it returned
     * @throws WorkerEndedException if the worker ended before that
     * @throws InterruptedException if interrupted while waiting; the function runs on
     * @throws Exception what the function threw
     */
    public Object call(FunctionDefinition function, Object input, Map<String, String> metadata, TraceContext trace)
            throws Exception {
        return await(start(function, input, metadata, trace)::get);
    }

    /**
     * The same for a caller who does not wait longer than that.
     *
     * @throws TimeoutException if the time is up; the function runs on
     */
    public Object call(
            FunctionDefinition function,
            Object input,
            Map<String, String> metadata,
            TraceContext trace,
            Duration patience)
            throws Exception {
        Answer answer = start(function, input, metadata, trace);
        return await(() -> answer.get(patience.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Runs a function for which nobody waits: a failure is logged, and that is all. */
    public void runAlone(FunctionDefinition function, String input) {
        try {
            call(function, input, Map.of(), LocalTraceContext.started());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            log.fine(() -> function.name() + " was not waited for");
        }
    }

    private Answer start(FunctionDefinition function, Object input, Map<String, String> metadata, TraceContext trace) {
        Answer answer = new Answer();
        pending.add(answer);
        answer.end =
                timer.schedule(() -> endWorker(function, answer), functionTimeout.toMillis(), TimeUnit.MILLISECONDS);
        threads.execute(() -> run(function, input, metadata, trace, answer));
        return answer;
    }

    private static Object await(Callable<Object> answer) throws Exception {
        try {
            return answer.call();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private void run(
            FunctionDefinition function,
            Object input,
            Map<String, String> metadata,
            TraceContext trace,
            Answer answer) {
        long start = System.nanoTime();
        answer.thread = Thread.currentThread();
        try (LocalExecutionContext context = new LocalExecutionContext(function.name(), trace, log)) {
            Object result = function.invoke(new Call(input, metadata, context));
            log.info(() -> function.name() + " succeeded in " + millisSince(start) + " ms");
            answer.complete(result);
        } catch (Exception e) {
            log.log(Level.SEVERE, e, () -> function.name() + " failed in " + millisSince(start) + " ms");
            answer.completeExceptionally(e);
        } catch (Error e) {
            log.log(
                    Level.SEVERE,
                    e,
                    () -> function.name() + " failed in " + millisSince(start)
                            + " ms and will not answer: the worker catches no Error");
        } finally {
            answer.thread = null;
            if (answer.isDone()) {
                forget(answer);
            }
        }
    }

    private void endWorker(FunctionDefinition function, Answer late) {
        String what = function.name() + " took longer than functionTimeout, " + functionTimeout + ": the worker ends";
        if (!late.completeExceptionally(new WorkerEndedException(what))) {
            return;
        }
        log.severe(what);
        forget(late);
        interrupt(late);
        for (Answer other : pending) {
            if (other.completeExceptionally(new WorkerEndedException(what))) {
                forget(other);
                interrupt(other);
            }
        }
        Thread end = new Thread(workerEnd, "end of worker");
        // Unlike the timer's, whose child it is: a JVM without other threads would end before it, and with another exit
        // code.
        end.setDaemon(false);
        end.start();
    }

    private void forget(Answer answer) {
        pending.remove(answer);
        ScheduledFuture<?> end = answer.end;
        if (end != null) {
            end.cancel(false);
        }
    }

    private static void interrupt(Answer answer) {
        Thread thread = answer.thread;
        if (thread != null) {
            thread.interrupt();
        }
    }

    private static long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
