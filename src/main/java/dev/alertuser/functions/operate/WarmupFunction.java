package dev.alertuser.functions.operate;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.WarmupTrigger;
import dev.alertuser.Application;
import dev.alertuser.Application.WarmupParts;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.logging.Level;

/**
 * Builds the object graph, gets a token and reads the counter before an instance takes traffic. A failure is only logged and never keeps
 * the instance from starting: a later call that meets it reports it.
 */
public final class WarmupFunction {
    private static final Duration TOKEN_WAIT = Duration.ofSeconds(10);

    private final Supplier<WarmupParts> parts;

    public WarmupFunction() {
        this(Application::warmup);
    }

    WarmupFunction(Supplier<WarmupParts> parts) {
        this.parts = parts;
    }

    @FunctionName("Warmup")
    public void run(@WarmupTrigger(name = "warmup") Object warmup, ExecutionContext context) {
        attempt("the counter", context, () -> parts.get().limiter().prepare());
        attempt("the token", context, () -> parts.get().defender().authorize(TOKEN_WAIT));
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    private static void attempt(String what, ExecutionContext context, Step step) {
        try {
            step.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception | LinkageError e) {
            context.getLogger().log(Level.WARNING, "warm-up could not get " + what, e);
        }
    }
}
