package dev.alertuser.functions;

import com.microsoft.azure.functions.ExecutionContext;
import dev.alertuser.Application;
import dev.alertuser.Lazy;
import java.util.logging.Level;

/** One call of a queue function. */
final class QueueEdge {
    private QueueEdge() {}

    /** What a function does with a message. */
    @FunctionalInterface
    interface Handler {
        void handle(CallLog log) throws InterruptedException;
    }

    /**
     * Runs a handler so that the platform hears of every failure and gives the message out again. The worker hears of exceptions only: to an
     * error it would not answer, and the message would be held until the function's time is up.
     *
     * @param application whose limiter leaves its line, if there is one by then
     */
    static void run(Lazy<Application> application, ExecutionContext context, Handler handler) {
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
                    "the message was not dealt with: " + t.getClass().getSimpleName(), t);
        } finally {
            log.write();
            BudgetLog.write(application, context);
        }
    }
}
