package dev.alertuser.ratelimit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alertuser.service.BudgetStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the limiter says to the outside, for tests of those who read it. */
public final class LimiterOutput {
    private LimiterOutput() {}

    /** The members of the line that it leaves in the log once a minute, those of its windows included. */
    public static Set<String> lineFields() throws JsonProcessingException {
        BudgetStatus.Window window = new BudgetStatus.Window(100, Duration.ofMinutes(1), 93, Duration.ZERO);
        Optional<BudgetStatus> status = Optional.of(new BudgetStatus(List.of(window), Duration.ZERO));
        long minute = Duration.ofMinutes(1).toNanos();
        JsonNode line = new ObjectMapper()
                .readTree(new LimiterMetrics(0).line(minute, status, 0).orElseThrow());
        Set<String> names = new TreeSet<>();
        line.fieldNames().forEachRemaining(names::add);
        line.get("windows").get(0).fieldNames().forEachRemaining(names::add);
        return names;
    }
}
