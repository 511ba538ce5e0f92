package dev.alertuser.functions;

import com.microsoft.azure.functions.ExecutionContext;
import dev.alertuser.Application;
import dev.alertuser.Lazy;

/** The line that the limiter leaves in the log once a minute: the platform keeps only what is logged by a call, so a call writes it. */
final class BudgetLog {
    private BudgetLog() {}

    /** Writes the line if it is time for it, and if there is a limiter yet. */
    static void write(Lazy<Application> application, ExecutionContext context) {
        application.ifMade().flatMap(app -> app.limiter().minute()).ifPresent(context.getLogger()::info);
    }
}
