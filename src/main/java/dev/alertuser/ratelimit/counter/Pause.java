package dev.alertuser.ratelimit.counter;

import dev.alertuser.service.budget.RateLimiter.Cause;

/**
 * Nothing may be sent meanwhile.
 *
 * @param until storage time in milliseconds
 * @param cause {@link Cause#THROTTLED} or {@link Cause#RECOVERING}
 */
public record Pause(long until, Cause cause) {
    public static final Pause NONE = new Pause(0, Cause.THROTTLED);

    public static Pause longer(Pause one, Pause other) {
        return other.until > one.until ? other : one;
    }

    /** What stands in the way of a permit then; {@link Cause#QUOTA} once the pause is over. */
    public Cause causeAt(long time) {
        return until > time ? cause : Cause.QUOTA;
    }
}
