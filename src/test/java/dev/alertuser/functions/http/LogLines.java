package dev.alertuser.functions.http;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.Application.EdgeParts;
import dev.alertuser.ratelimit.GivenStats;
import dev.alertuser.service.AnonymousTraffic;
import dev.alertuser.service.budget.BudgetReport.Window;
import dev.alertuser.service.budget.RateLimiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The log lines of calls, for tests of their consumers. */
public final class LogLines {
    private LogLines() {}

    /** The members of a call's line. */
    public static Set<String> callFields() {
        return Arrays.stream(CallLog.Field.values()).map(CallLog.Field::label).collect(Collectors.toSet());
    }

    /** The members of the limiter's line, those of its windows included. */
    public static Set<String> budgetFields() {
        JsonNode line = budget(List.of(GivenWindow.of(100, Duration.ofMinutes(1), 93, Duration.ZERO)));
        Set<String> names = new TreeSet<>();
        line.fieldNames().forEachRemaining(names::add);
        line.get("windows").get(0).fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The limiter's line. */
    static JsonNode budget(List<Window> windows) {
        RateLimiter limiter = mock(RateLimiter.class);
        when(limiter.takeStats()).thenReturn(Optional.of(GivenStats.of(windows)));
        List<String> lines = new ArrayList<>();
        BudgetLog.write(
                () -> Optional.of(new EdgeParts(limiter, null, new AnonymousTraffic(() -> 0))),
                GivenContext.of("AlertUser", lines));
        return Json.read(lines.get(0));
    }
}
