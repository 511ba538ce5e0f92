package dev.alertuser.service.alert;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The result of one request, and its cost.
 *
 * @param permits charged for it; more than one if permits came or expired too late to be used
 * @param waited time spent waiting for a token and a permit, or for the answer of an equal request
 * @param call how long Defender took; null when this request made no call
 */
public record LookupOutcome(
        LookupResult result,
        int permits,
        Duration waited,
        @Nullable Duration call) {
    /** An outcome that cost neither a wait nor a permit. */
    public static LookupOutcome free(LookupResult result) {
        return new LookupOutcome(result, 0, Duration.ZERO, null);
    }
}
