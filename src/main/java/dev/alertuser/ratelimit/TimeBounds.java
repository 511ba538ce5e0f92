package dev.alertuser.ratelimit;

/**
 * What is known of the storage service's time at one moment: not before {@code early}, not after {@code late}; in milliseconds since
 * 1970.
 */
record TimeBounds(long early, long late) {
    long width() {
        return late - early;
    }
}
