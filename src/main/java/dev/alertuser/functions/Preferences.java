package dev.alertuser.functions;

import dev.alertuser.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the caller wants to be answered: {@code Prefer: wait=20} (RFC 7240) or {@code ?wait=20}, of which the latter wins; and
 * {@code Cache-Control: no-cache}.
 *
 * @param maxWait how long the caller is willing to wait; empty if it does not say
 * @param fresh true if a kept answer will not do
 */
record Preferences(Optional<Duration> maxWait, boolean fresh) {
    private static final Pattern WAIT =
            Pattern.compile("(?:^|[,;])\\s*wait\\s*=\\s*\"?([^,;\"]*)\"?", Pattern.CASE_INSENSITIVE);
    private static final Pattern NO_CACHE =
            Pattern.compile("(?:^|,)\\s*no-cache\\s*(?:$|[,=])", Pattern.CASE_INSENSITIVE);
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    /**
     * @param headers by lower-case name, as the worker gives them
     * @throws RequestException if a wait is no whole number of seconds
     */
    static Preferences of(Map<String, String> headers, Map<String, String> query) {
        Optional<Duration> wait = Optional.ofNullable(query.get("wait"))
                .map(text -> seconds(text, "the query parameter wait"))
                .or(() -> preferred(headers.getOrDefault("prefer", "")));
        return new Preferences(
                wait,
                NO_CACHE.matcher(headers.getOrDefault("cache-control", "")).find());
    }

    private static Optional<Duration> preferred(String prefer) {
        Matcher wait = WAIT.matcher(prefer);
        return wait.find() ? Optional.of(seconds(wait.group(1).strip(), "the preference wait")) : Optional.empty();
    }

    private static Duration seconds(String text, String place) {
        if (!SECONDS.matcher(text).matches()) {
            String shown = text.length() > 20 ? text.substring(0, 20) + "…" : text;
            throw new RequestException(
                    ErrorCode.INVALID_PREFERENCE,
                    place + " must be whole seconds, as in wait=20, but was '"
                            + shown.replaceAll("[^\\x20-\\x7E…]", "?") + "'");
        }
        return Duration.ofSeconds(Long.parseLong(text));
    }

    /** The wait that is honoured. */
    Duration waitWithin(Settings settings) {
        Duration asked = maxWait.orElse(settings.defaultWait());
        return asked.compareTo(settings.maxWait()) > 0 ? settings.maxWait() : asked;
    }
}
