package dev.alertuser.service.budget;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts of this instance's limiter since they were last taken.
 *
 * @param windows the budget of all instances, as this one last read it; empty if it never did
 * @param counts by name, in the order of the log line
 * @param slotLagMillis longest time between a permit's slot and the moment at which its caller received it
 * @param clockWidthMillis width of the interval in which the storage service's time is known to lie; -1 before its first answer
 */
public record LimiterStats(
        List<BudgetReport.Window> windows, Map<String, Long> counts, long slotLagMillis, long clockWidthMillis) {
    public LimiterStats {
        windows = List.copyOf(windows);
        counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    }
}
