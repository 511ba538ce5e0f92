package dev.alertuser.functions.queue;

import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Reason;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long the app defers a request, for simulated instances. */
public final class SimulatedDeferral {
    /** How long a queued request waits for its permit before it is deferred. */
    public static final Duration WAIT = RequestHandler.WAIT;

    private SimulatedDeferral() {}

    /** The delay of a request that was deferred for the first time. */
    public static Duration of(Reason reason, Duration retryAfter, RandomGenerator random) {
        return Deferral.delay(new Deferred(reason, retryAfter, null), 0, random);
    }
}
