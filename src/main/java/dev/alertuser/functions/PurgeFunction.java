package dev.alertuser.functions;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.TimerTrigger;
import dev.alertuser.Application;
import dev.alertuser.Lazy;
import dev.alertuser.service.Lookup;
import java.time.Duration;
import java.time.Instant;

/** Deletes kept answers and lookups that are past their life, once a day. */
public final class PurgeFunction {
    /** For a poll under way, and for clocks that differ. */
    private static final Duration MARGIN = Duration.ofHours(1);

    private final Lazy<Application> application;

    public PurgeFunction() {
        this(Application.process());
    }

    PurgeFunction(Lazy<Application> application) {
        this.application = application;
    }

    @FunctionName("Purge")
    public void run(@TimerTrigger(name = "timer", schedule = "0 40 2 * * *") String timer, ExecutionContext context) {
        Application app = application.get();
        // A lookup takes answers that were young when it was made, so the oldest that may be read have both lives
        // behind them.
        Duration life = Lookup.LIFE.plus(app.settings().keeping().longest()).plus(MARGIN);
        Instant end = app.time().instant().minus(life);
        context.getLogger().info("Purge deleted=" + app.retention().deleteDaysBefore(end) + " before=" + end);
    }
}
