package dev.alertuser.functions;

import com.microsoft.azure.functions.ExecutionContext;
import dev.alertuser.Application;
import dev.alertuser.Lazy;
import java.util.Optional;
import java.util.logging.Level;

/** The line that the limiter leaves in the log once a minute: the platform keeps only what is logged by a call, so a call writes it. */
final class BudgetLog {
    private BudgetLog() {}

    /** Writes the line if it is time for it, and if there is a limiter yet. The call is done by then, so nothing may fail it any more. */
    static void write(Lazy<Application> application, ExecutionContext context) {
        try {
            application.ifMade().flatMap(BudgetLog::line).ifPresent(context.getLogger()::info);
        } catch (RuntimeException | LinkageError e) {
            context.getLogger().log(Level.WARNING, "the limiter's line could not be written", e);
        }
    }

    private static Optional<String> line(Application app) {
        return app.limiter()
                .minute()
                .map(line -> Json.write(
                        Json.read(line).put("anonymousCalls", app.anonymous().takeCalls())));
    }
}
