package dev.alertuser.service;

import java.time.Duration;

/**
 * Time to live of cached answers, from the moment at which Defender gave them.
 *
 * @param found of an answer with a user
 * @param notFound of an answer without one, since Defender may add the user a little later than the alert
 */
public record AnswerTtl(Duration found, Duration notFound) {
    /** The longer of the two: an older answer counts for no request. */
    public Duration longest() {
        return found.compareTo(notFound) > 0 ? found : notFound;
    }
}
