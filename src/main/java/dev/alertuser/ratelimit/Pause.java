package dev.alertuser.ratelimit;

import dev.alertuser.service.RateLimiter.Cause;

/**
 * Nothing may be sent meanwhile.
 *
 * @param until storage time in milliseconds
 * @param cause {@link Cause#THROTTLED} or {@link Cause#RECOVERING}
 */
record Pause(long until, Cause cause) {
    static final Pause NONE = new Pause(0, Cause.THROTTLED);

    static Pause longer(Pause one, Pause other) {
        return other.until > one.until ? other : one;
    }

    /** What stands in the way of a permit then; {@link Cause#QUOTA} once the pause is over. */
    Cause causeAt(long time) {
        return until > time ? cause : Cause.QUOTA;
    }
}
