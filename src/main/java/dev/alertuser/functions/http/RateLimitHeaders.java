package dev.alertuser.functions.http;

import dev.alertuser.service.budget.BudgetReport.Window;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * {@code RateLimit-Policy} and {@code RateLimit} of draft-ietf-httpapi-ratelimit-headers: the quota and length of each window, its free
 * permits, and the seconds until more are free.
 */
final class RateLimitHeaders {
    private RateLimitHeaders() {}

    /** Empty without windows: a process that has not read the counter yet sends no such headers. */
    static Map<String, String> of(List<Window> windows) {
        if (windows.isEmpty()) {
            return Map.of();
        }
        return Map.of(
                "RateLimit-Policy",
                list(windows, w -> ";q=" + w.quota() + ";w=" + w.length().toSeconds()),
                "RateLimit",
                list(windows, w -> ";r=" + w.free().interactive() + ";t=" + Seconds.roundedUp(w.reset())));
    }

    /** A structured-field list: {@code "minute";q=100;w=60, "hour";q=1500;w=3600}. */
    private static String list(List<Window> windows, Function<Window, String> parameters) {
        return windows.stream()
                .map(window -> '"' + window.name() + '"' + parameters.apply(window))
                .collect(Collectors.joining(", "));
    }
}
