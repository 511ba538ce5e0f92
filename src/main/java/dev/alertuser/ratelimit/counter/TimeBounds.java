package dev.alertuser.ratelimit.counter;

/**
 * What is known of the storage service's time at one moment: not before {@code early}, not after {@code late}; in milliseconds since
 * 1970.
 */
public record TimeBounds(long early, long late) {
    public long width() {
        return late - early;
    }
}
