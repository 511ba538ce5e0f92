package dev.alertuser.service.alert;

import dev.alertuser.service.budget.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A request of an HTTP caller, stored so that the caller can poll for the answer.
 *
 * @param alertIds at least one, none of them twice
 * @param leftOut the other parts of the body
 * @param fresh true if answers from before {@code madeAt} do not count
 * @param correlation of the call that made the request
 */
public record PendingLookup(
        Kind kind, List<AlertId> alertIds, LeftOut leftOut, boolean fresh, Instant madeAt, Correlation correlation) {
    /** How long a caller may poll. */
    public static final Duration LIFE = Duration.ofHours(24);

    private static final int SPARE_PERMITS = 50;

    /** The form of the answer. */
    public enum Kind {
        /** Defender's own answer for one alert. */
        SINGLE,
        /** An outcome for each alert. */
        BATCH
    }

    public PendingLookup {
        alertIds = List.copyOf(alertIds);
    }

    /**
     * The most permits that may be charged to it: one for each alert, and 50 for failed attempts. With the pauses between attempts, these
     * last for hours of an outage.
     */
    public int mostPermits() {
        return alertIds.size() + SPARE_PERMITS;
    }

    /** The request for one of the alerts. */
    public LookupRequest request(AlertId alertId, Duration maxWait) {
        return new LookupRequest(alertId, Priority.INTERACTIVE, maxWait, madeAt, fresh, correlation);
    }

    public boolean isExpired(Instant now) {
        return !now.isBefore(madeAt.plus(LIFE));
    }
}
