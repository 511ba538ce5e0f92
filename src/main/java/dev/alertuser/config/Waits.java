package dev.alertuser.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How long HTTP callers wait for a permit.
 *
 * @param longest maximum wait of a caller
 * @param usual wait of callers that name none; not longer than {@code longest}
 */
public record Waits(Duration longest, Duration usual) {
    /** Wait of asynchronous callers that name none: a permit due within it saves a poll. */
    private static final Duration ASYNC = Duration.ofSeconds(5);

    /** The wait that applies to a caller that prefers {@code wanted}. */
    public Duration honoured(Optional<Duration> wanted, boolean async) {
        return wanted.map(wait -> shorter(wait, longest)).orElse(async ? shorter(ASYNC, usual) : usual);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
