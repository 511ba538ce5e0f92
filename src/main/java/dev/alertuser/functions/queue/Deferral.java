package dev.alertuser.functions.queue;

import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Reason;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long a queued request is deferred. */
final class Deferral {
    private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(15);
    private static final Duration LEAST_JITTER = Duration.ofSeconds(5);
    private static final int MAX_DOUBLINGS = 6;

    private Deferral() {}

    /**
     * Delay until a retry is worthwhile: the given time if the budget is spent or recovers, the same alert is being looked up, or Defender
     * named one; for a fault a backoff that doubles up to 15 minutes, since the fault may last. Jitter of up to a quarter, at least 5 s, is
     * added, so that messages deferred together do not return together; of up to 5 s if the budget is spent, since the limiter gives each
     * message a turn of its own.
     */
    static Duration delay(Deferred deferred, int deferrals, RandomGenerator random) {
        Duration delay = switch (deferred.reason()) {
            case BUDGET_EXHAUSTED, BUDGET_RECOVERING, SAME_QUESTION_UNDER_WAY, DEFENDER_THROTTLED ->
                deferred.retryAfter();
            case DEFENDER_ACCESS_DENIED, DEFENDER_DENIES_USER -> LONGEST_BACK_OFF;
            case BUDGET_UNAVAILABLE,
                    IDENTITY_UNAVAILABLE,
                    DEFENDER_BAD_ANSWER,
                    DEFENDER_UNAVAILABLE,
                    DEFENDER_TIMEOUT -> backOff(deferred.retryAfter(), deferrals);
        };
        Duration jitter =
                deferred.reason() == Reason.BUDGET_EXHAUSTED ? LEAST_JITTER : longer(LEAST_JITTER, delay.dividedBy(4));
        return delay.plusMillis(random.nextLong(jitter.toMillis()));
    }

    /** Backoff while the settings are wrong: from one minute up to 15, with jitter of up to a quarter. */
    static Duration ofWrongSettings(int deferrals, RandomGenerator random) {
        Duration delay = backOff(Duration.ofMinutes(1), deferrals);
        return delay.plusMillis(random.nextLong(delay.toMillis() / 4));
    }

    private static Duration backOff(Duration first, int deferrals) {
        Duration grown = first.multipliedBy(1L << Math.min(deferrals, MAX_DOUBLINGS));
        return grown.compareTo(LONGEST_BACK_OFF) < 0 ? grown : LONGEST_BACK_OFF;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
