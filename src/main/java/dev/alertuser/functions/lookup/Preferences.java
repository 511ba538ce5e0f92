package dev.alertuser.functions.lookup;

import dev.alertuser.functions.http.ErrorCode;
import dev.alertuser.functions.http.HttpCall;
import dev.alertuser.functions.http.RequestException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The caller's preferences: {@code Prefer: wait=20} (RFC 7240) or {@code ?wait=20}, which takes precedence; {@code Prefer: respond-async}
 * or {@code ?mode=async}; {@code Prefer: as=me} or {@code ?as=me}; and {@code Cache-Control: no-cache}.
 *
 * @param maxWait how long the caller is willing to wait; empty if it names no wait
 * @param async true if the caller prefers polls to a longer wait
 * @param fresh true if the caller accepts no cached answer
 * @param asMe true if Defender is to be asked with the caller's own rights
 */
public record Preferences(Optional<Duration> maxWait, boolean async, boolean fresh, boolean asMe) {
    private static final Pattern WAIT = preference("wait");
    private static final Pattern AS = preference("as");
    private static final Pattern RESPOND_ASYNC =
            Pattern.compile("(?:^|[,;])\\s*respond-async\\s*(?:$|[,;])", Pattern.CASE_INSENSITIVE);
    private static final Pattern NO_CACHE =
            Pattern.compile("(?:^|,)\\s*no-cache\\s*(?:$|[,=])", Pattern.CASE_INSENSITIVE);
    private static final Pattern SECONDS = Pattern.compile("\\d{1,10}");

    /** @throws RequestException if a wait is no whole number of seconds, or another one is unknown */
    static Preferences of(HttpCall call) {
        return of(call.headers(), call.query());
    }

    /**
     * @param headers by lower-case name, as the worker gives them
     * @throws RequestException if a wait is no whole number of seconds, or another one is unknown
     */
    static Preferences of(Map<String, String> headers, Map<String, String> query) {
        Optional<Duration> wait = Optional.ofNullable(query.get("wait"))
                .map(text -> seconds(text, "the query parameter wait"))
                .or(() -> preferred(WAIT, headers.getOrDefault("prefer", ""))
                        .map(text -> seconds(text, "the preference wait")));
        return new Preferences(
                wait,
                isAsync(query.get("mode"))
                        || RESPOND_ASYNC
                                .matcher(headers.getOrDefault("prefer", ""))
                                .find(),
                NO_CACHE.matcher(headers.getOrDefault("cache-control", "")).find(),
                isMe(query.get("as"), "the query parameter as")
                        || isMe(
                                preferred(AS, headers.getOrDefault("prefer", ""))
                                        .orElse(null),
                                "the preference as"));
    }

    private static Pattern preference(String name) {
        return Pattern.compile("(?:^|[,;])\\s*" + name + "\\s*=\\s*\"?([^,;\"]*)\"?", Pattern.CASE_INSENSITIVE);
    }

    private static Optional<String> preferred(Pattern name, String prefer) {
        Matcher preference = name.matcher(prefer);
        return preference.find() ? Optional.of(preference.group(1).strip()) : Optional.empty();
    }

    private static boolean isMe(@Nullable String as, String place) {
        if (as == null || as.equals("me")) {
            return as != null;
        }
        throw new RequestException(ErrorCode.INVALID_PREFERENCE, place + " must be me but was '" + shown(as) + "'");
    }

    private static boolean isAsync(@Nullable String mode) {
        if (mode == null || mode.equals("async")) {
            return mode != null;
        }
        throw new RequestException(
                ErrorCode.INVALID_PREFERENCE, "the query parameter mode must be async but was '" + shown(mode) + "'");
    }

    private static Duration seconds(String text, String place) {
        if (!SECONDS.matcher(text).matches()) {
            throw new RequestException(
                    ErrorCode.INVALID_PREFERENCE,
                    place + " must be whole seconds, as in wait=20, but was '" + shown(text) + "'");
        }
        return Duration.ofSeconds(Long.parseLong(text));
    }

    private static String shown(String text) {
        String piece = text.length() > 20 ? text.substring(0, 20) + "…" : text;
        return piece.replaceAll("[^\\x20-\\x7E…]", "?");
    }

    /** The same of a caller who asks with rights of its own, whether it says so or not. */
    Preferences asCaller() {
        return new Preferences(maxWait, async, fresh, true);
    }

    /** The preferences of a poll, which is asynchronous by nature. */
    Preferences comingBack() {
        return new Preferences(maxWait, true, fresh, asMe);
    }
}
