package dev.alertuser.functions.http;

import java.time.Duration;

/** Seconds as headers and JSON members carry them: whole ones, rounded up, so that a caller that comes back then does not come too early. */
public final class Seconds {
    private Seconds() {}

    public static long roundedUp(Duration duration) {
        return duration.plusNanos(999_999_999).toSeconds();
    }

    /** For {@code Retry-After}: at least 1, since some callers repeat a request at once for 0. */
    public static long ofRetryAfter(Duration retryAfter) {
        return Math.max(1, roundedUp(retryAfter));
    }
}
