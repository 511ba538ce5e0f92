package dev.alertuser.functions;

import dev.alertuser.Application;
import dev.alertuser.Lazy;
import dev.alertuser.service.BudgetStatus;
import dev.alertuser.service.BudgetStatus.Window;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * {@code RateLimit-Policy} and {@code RateLimit} of draft-ietf-httpapi-ratelimit-headers: the quota of each window with its length, and how
 * much of it is free with the seconds until more is. They tell what this instance last saw of the counter and ask nobody: no answer waits for its
 * headers. A process that has not seen the counter yet leaves them out.
 */
final class RateLimitHeaders {
    private static final Map<Duration, String> NAMES =
            Map.of(Duration.ofMinutes(1), "minute", Duration.ofHours(1), "hour", Duration.ofDays(1), "day");

    private RateLimitHeaders() {}

    static Map<String, String> of(Lazy<Application> application) {
        return application
                .ifMade()
                .flatMap(app -> app.limiter().lastStatus())
                .map(RateLimitHeaders::of)
                .orElse(Map.of());
    }

    private static Map<String, String> of(BudgetStatus status) {
        return Map.of(
                "RateLimit-Policy",
                list(status, w -> ";q=" + w.quota() + ";w=" + w.length().toSeconds()),
                "RateLimit",
                list(
                        status,
                        w -> ";r=" + w.remaining() + ";t="
                                + w.reset().plusMillis(999).toSeconds()));
    }

    /** A list of structured fields: {@code "minute";q=100;w=60, "hour";q=1500;w=3600}. */
    private static String list(BudgetStatus status, Function<Window, String> parameters) {
        return status.windows().stream()
                .map(window -> '"' + name(window.length()) + '"' + parameters.apply(window))
                .collect(Collectors.joining(", "));
    }

    /** {@code minute}, {@code hour}, {@code day}; any other length as ISO-8601 has it, in lower case. */
    static String name(Duration length) {
        return NAMES.getOrDefault(length, length.toString().toLowerCase(Locale.ROOT));
    }
}
