package dev.alertuser.service.alert;

import dev.alertuser.service.budget.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What an HTTP caller asked for, so that it can come back for the answer.
 *
 * @param alertIds at least one, none of them twice
 * @param leftOut what else stands in the body
 * @param fresh true if no answer from before {@code madeAt} will do
 * @param correlation of the call that asked
 */
public record PendingLookup(
        Kind kind, List<AlertId> alertIds, LeftOut leftOut, boolean fresh, Instant madeAt, Correlation correlation) {
    /** How long a caller may come back. */
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
     * The most permits that may be charged to it: one for each alert, and some for attempts that failed. With the pauses between them, these
     * last for hours of an outage.
     */
    public int mostPermits() {
        return alertIds.size() + SPARE_PERMITS;
    }

    /** The question for one of the alerts. */
    public LookupRequest request(AlertId alertId, Duration maxWait) {
        return new LookupRequest(alertId, Priority.INTERACTIVE, maxWait, madeAt, fresh, correlation);
    }

    public boolean isExpired(Instant now) {
        return !now.isBefore(madeAt.plus(LIFE));
    }
}
