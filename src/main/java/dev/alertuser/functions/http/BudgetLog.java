package dev.alertuser.functions.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.azure.functions.ExecutionContext;
import dev.alertuser.Application.EdgeParts;
import dev.alertuser.service.budget.LimiterStats;
import dev.alertuser.service.budget.RateLimiter;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;

/** The limiter's log line, once a minute. A call writes it, since the platform keeps only what is logged within a call. */
public final class BudgetLog {
    private BudgetLog() {}

    /** Writes the line if it is due and the app is built. The call is already done, so a failure is only logged. */
    public static void write(Supplier<Optional<EdgeParts>> parts, ExecutionContext context) {
        try {
            parts.get().ifPresent(edge -> {
                line(edge).ifPresent(context.getLogger()::info);
                lineOfUsers(edge).ifPresent(context.getLogger()::info);
            });
        } catch (RuntimeException | LinkageError e) {
            context.getLogger().log(Level.WARNING, "the limiter's line could not be written", e);
        }
    }

    private static Optional<String> line(EdgeParts edge) {
        return edge.limiter()
                .takeStats()
                .map(stats -> Json.write(json("budget", stats)
                        .put("anonymousCalls", edge.anonymous().takeCalls())));
    }

    private static Optional<String> lineOfUsers(EdgeParts edge) {
        return Optional.ofNullable(edge.users())
                .flatMap(RateLimiter::takeStats)
                .map(stats -> Json.write(json("budgetOfUsers", stats)));
    }

    private static ObjectNode json(String event, LimiterStats stats) {
        ObjectNode line = Json.object().put("event", event);
        ArrayNode windows = line.putArray("windows");
        stats.windows()
                .forEach(window -> windows.addObject()
                        .put("window", window.length().toString())
                        .put("quota", window.quota())
                        .put("used", window.used().interactive() + window.used().backlog())
                        .put("remaining", window.free().interactive()));
        stats.counts().forEach(line::put);
        return line.put("slotLagMs", stats.slotLagMillis()).put("clockWidthMs", stats.clockWidthMillis());
    }
}
