package dev.alertuser.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How long HTTP callers wait for a permit.
 *
 * @param longest what a caller may ask for at most
 * @param usual for a caller who names no wait; not longer than {@code longest}
 */
public record Waits(Duration longest, Duration usual) {
    /** For asynchronous callers who name no wait: a permit that is due within it saves them a poll. */
    private static final Duration ASYNC = Duration.ofSeconds(5);

    /** The wait that is honoured for a caller who asks for {@code wanted}. */
    public Duration honoured(Optional<Duration> wanted, boolean async) {
        return wanted.map(wait -> shorter(wait, longest)).orElse(async ? shorter(ASYNC, usual) : usual);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
