package dev.alertuser.ratelimit;

import dev.alertuser.service.budget.BudgetReport;
import dev.alertuser.service.budget.LimiterStats;
import java.time.Duration;
import java.util.List;

/** Statistics of a limiter that did nothing, with every count that there is. */
public final class GivenStats {
    private GivenStats() {}

    public static LimiterStats of(List<BudgetReport.Window> windows) {
        return new LimiterMetrics(0)
                .take(Duration.ofMinutes(1).toNanos(), () -> windows, 87)
                .orElseThrow();
    }
}
