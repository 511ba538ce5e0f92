package dev.alertuser.defender;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The pause that Defender asks for: at least 1 s, at most 2 h. */
final class RetryAfter {
    private static final Duration LEAST = Duration.ofSeconds(1);
    /** Defender's longest window is an hour, so a much longer pause was misread; a call after 2 h costs only one permit. */
    private static final Duration MOST = Duration.ofHours(2);

    private static final Pattern SECONDS = Pattern.compile("\\d+");
    private static final Pattern SECONDS_IN_TEXT = Pattern.compile("in (\\d+) seconds");

    private RetryAfter() {}

    /**
     * Reads the header {@code Retry-After}: whole seconds or an HTTP date.
     *
     * @param header null if the response has none
     * @return empty if there is no header or it cannot be read
     */
    static Optional<Duration> inHeader(@Nullable String header, Instant now) {
        if (header == null) {
            return Optional.empty();
        }
        String value = header.strip();
        return SECONDS.matcher(value).matches() ? Optional.of(seconds(value)) : untilDate(value, now);
    }

    /**
     * Reads "You can send requests again in 8 seconds." out of a body of any form. Responses of 2022 had these words and no header.
     *
     * @param body null if the response has none
     * @return empty if the body has no such words
     */
    static Optional<Duration> inText(@Nullable String body) {
        Matcher words = SECONDS_IN_TEXT.matcher(body == null ? "" : body);
        return words.find() ? Optional.of(seconds(words.group(1))) : Optional.empty();
    }

    private static Optional<Duration> untilDate(String value, Instant now) {
        try {
            Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(bounded(Duration.between(now, date)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Duration seconds(String digits) {
        try {
            return bounded(Duration.ofSeconds(Long.parseLong(digits)));
        } catch (NumberFormatException e) {
            return MOST;
        }
    }

    private static Duration bounded(Duration wait) {
        if (wait.compareTo(LEAST) < 0) {
            return LEAST;
        }
        return wait.compareTo(MOST) > 0 ? MOST : wait;
    }
}
