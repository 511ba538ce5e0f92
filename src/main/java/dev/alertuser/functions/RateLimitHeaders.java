package dev.alertuser.functions;

import dev.alertuser.Application;
import dev.alertuser.Lazy;
import dev.alertuser.service.BudgetStatus;
import dev.alertuser.service.BudgetStatus.Window;
import dev.alertuser.service.BudgetUnavailableException;
import dev.alertuser.service.RateLimiter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * {@code RateLimit-Policy} and {@code RateLimit} of draft-ietf-httpapi-ratelimit-headers: the quota of each window with its length, and how
 * much of it is free with the seconds until more is. They tell what this instance last saw of the counter, and cost a read of it only when it
 * has seen nothing yet. A process that has not yet served anything, or that cannot reach the counter, leaves them out.
 */
final class RateLimitHeaders {
    private static final Map<Duration, String> NAMES =
            Map.of(Duration.ofMinutes(1), "minute", Duration.ofHours(1), "hour", Duration.ofDays(1), "day");

    private RateLimitHeaders() {}

    static Map<String, String> of(Lazy<Application> application) {
        Optional<Application> made = application.ifMade();
        if (made.isEmpty()) {
            return Map.of();
        }
        RateLimiter limiter = made.get().limiter();
        try {
            BudgetStatus status =
                    limiter.lastStatus().isPresent() ? limiter.lastStatus().get() : limiter.status();
            return Map.of(
                    "RateLimit-Policy",
                            list(
                                    status,
                                    w -> ";q=" + w.quota() + ";w=" + w.length().toSeconds()),
                    "RateLimit",
                            list(
                                    status,
                                    w -> ";r=" + w.remaining() + ";t="
                                            + w.reset().plusMillis(999).toSeconds()));
        } catch (BudgetUnavailableException e) {
            return Map.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
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
