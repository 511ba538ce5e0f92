package dev.alertuser.ratelimit.counter;

/**
 * Bounds of the storage service's time at one moment, in milliseconds since 1970.
 *
 * @param early the time is not before it
 * @param late the time is not after it
 */
public record TimeBounds(long early, long late) {
    public long width() {
        return late - early;
    }
}
