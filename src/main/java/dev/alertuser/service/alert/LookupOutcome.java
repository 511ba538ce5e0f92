package dev.alertuser.service.alert;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What asking a question came to.
 *
 * @param permits charged for it; more than there was use for if some came or ran out too late
 * @param waited for a token and a permit, or for another's answer
 * @param call how long Defender took; null when it was not asked for this question
 */
public record LookupOutcome(
        LookupResult result,
        int permits,
        Duration waited,
        @Nullable Duration call) {
    /** What came without waiting and without a permit. */
    public static LookupOutcome free(LookupResult result) {
        return new LookupOutcome(result, 0, Duration.ZERO, null);
    }
}
