package dev.alertuser.ratelimit.counter;

import dev.alertuser.service.budget.RateLimiter.Cause;

/**
 * A time in which no call may be sent.
 *
 * @param until storage time in milliseconds
 * @param cause {@link Cause#THROTTLED} or {@link Cause#RECOVERING}
 */
public record Pause(long until, Cause cause) {
    public static final Pause NONE = new Pause(0, Cause.THROTTLED);

    public static Pause longer(Pause one, Pause other) {
        return other.until > one.until ? other : one;
    }

    /** The cause of a denial at that time; {@link Cause#QUOTA} once the pause is over. */
    public Cause causeAt(long time) {
        return until > time ? cause : Cause.QUOTA;
    }
}
