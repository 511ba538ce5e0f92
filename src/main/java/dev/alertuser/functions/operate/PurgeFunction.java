package dev.alertuser.functions.operate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.TimerTrigger;
import dev.alertuser.Application;
import dev.alertuser.Application.PurgeParts;
import dev.alertuser.functions.http.Json;
import java.util.function.Supplier;
import java.util.logging.Level;

/** Deletes expired answers and lookups every hour. Writes a log line whether the purge succeeds or not. */
public final class PurgeFunction {
    private final Supplier<PurgeParts> parts;

    public PurgeFunction() {
        this(Application::purge);
    }

    PurgeFunction(Supplier<PurgeParts> parts) {
        this.parts = parts;
    }

    /**
     * Turns an {@code Error} into an exception: the worker does not report errors, and the timer would be held until the function's
     * timeout.
     */
    @FunctionName("Purge")
    public void run(@TimerTrigger(name = "timer", schedule = "0 40 * * * *") String timer, ExecutionContext context) {
        long start = System.nanoTime();
        ObjectNode line = Json.object().put("event", "purge").put("outcome", "failed");
        try {
            Purge.run(parts.get(), line);
            line.put("outcome", "done");
        } catch (Throwable t) {
            context.getLogger().log(Level.SEVERE, "purge " + context.getInvocationId() + " failed", t);
            throw new IllegalStateException(
                    "the purge is incomplete: " + t.getClass().getSimpleName(), t);
        } finally {
            line.put("durationMs", (System.nanoTime() - start) / 1_000_000);
            context.getLogger().info(Json.write(line));
        }
    }
}
