package dev.alertuser.functions.queue;

import dev.alertuser.service.alert.LookupResult.Deferred;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long a queued request is put off. */
final class Deferral {
    private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(15);
    private static final Duration LEAST_JITTER = Duration.ofSeconds(5);
    private static final int MAX_DOUBLINGS = 6;

    private Deferral() {}

    /**
     * Until asking again is worthwhile: the true time when our own budget is spent or recovers or Defender named one; doubling up to 15 minutes while
     * something is out of order, since such a message comes back to the same disorder. On top comes up to a quarter of that, so that
     * messages put off together do not return together.
     */
    static Duration delay(Deferred deferred, int deferrals, RandomGenerator random) {
        Duration delay = switch (deferred.reason()) {
            case BUDGET_EXHAUSTED, BUDGET_RECOVERING, SAME_QUESTION_UNDER_WAY, DEFENDER_THROTTLED ->
                deferred.retryAfter();
            case DEFENDER_ACCESS_DENIED -> LONGEST_BACK_OFF;
            case BUDGET_UNAVAILABLE,
                    IDENTITY_UNAVAILABLE,
                    DEFENDER_BAD_ANSWER,
                    DEFENDER_UNAVAILABLE,
                    DEFENDER_TIMEOUT -> backOff(deferred.retryAfter(), deferrals);
        };
        long jitter = Math.max(LEAST_JITTER.toMillis(), delay.toMillis() / 4);
        return delay.plusMillis(random.nextLong(jitter));
    }

    /** Until somebody may have mended the settings. */
    static Duration ofWrongSettings(int deferrals, RandomGenerator random) {
        Duration delay = backOff(Duration.ofMinutes(1), deferrals);
        return delay.plusMillis(random.nextLong(delay.toMillis() / 4));
    }

    private static Duration backOff(Duration first, int deferrals) {
        Duration grown = first.multipliedBy(1L << Math.min(deferrals, MAX_DOUBLINGS));
        return grown.compareTo(LONGEST_BACK_OFF) < 0 ? grown : LONGEST_BACK_OFF;
    }
}
