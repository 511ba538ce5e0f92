package dev.alertuser.functions.queue;

import com.microsoft.azure.functions.ExecutionContext;
import dev.alertuser.Application.EdgeParts;
import dev.alertuser.functions.http.BudgetLog;
import dev.alertuser.functions.http.CallLog;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;

/**
 * The edge between the Functions worker and a queue function. It reports every failure to the platform, so that the message is delivered
 * again, and writes the log line of the call.
 */
final class QueueEdge {
    private final Supplier<Optional<EdgeParts>> parts;

    /** The work of a function for one message. */
    @FunctionalInterface
    interface Handler {
        void handle(CallLog log) throws InterruptedException;
    }

    /** @param parts empty until the app is built; an edge never builds it */
    QueueEdge(Supplier<Optional<EdgeParts>> parts) {
        this.parts = parts;
    }

    /**
     * Turns an {@code Error} into an exception: the worker does not report errors, and the message would be held until the function's
     * timeout.
     */
    void run(ExecutionContext context, Handler handler) {
        CallLog log = new CallLog(context);
        try {
            handler.handle(log);
        } catch (Throwable t) {
            if (t instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            log.failed();
            log.problem(Level.SEVERE, "call " + context.getInvocationId() + " failed", t);
            throw new IllegalStateException(
                    "the message was not processed: " + t.getClass().getSimpleName(), t);
        } finally {
            log.write();
            BudgetLog.write(parts, context);
        }
    }
}
