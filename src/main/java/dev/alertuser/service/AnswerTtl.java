package dev.alertuser.service;

import java.time.Duration;

/**
 * Time to live of cached answers, from the moment at which Defender gave them.
 *
 * @param found of an answer with a user
 * @param notFound of an answer without one, which may come a little later than the alert
 */
public record AnswerTtl(Duration found, Duration notFound) {
    /** The longer of the two: an answer that is older counts for nobody. */
    public Duration longest() {
        return found.compareTo(notFound) > 0 ? found : notFound;
    }
}
