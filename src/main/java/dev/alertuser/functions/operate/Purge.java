package dev.alertuser.functions.operate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alertuser.Application.PurgeParts;
import dev.alertuser.service.alert.PendingLookup;
import dev.alertuser.service.port.Retention;
import dev.alertuser.service.port.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Deletes cached answers and lookups that no caller may request any more. */
final class Purge {
    /** Allows for a poll under way and for clock skew. */
    private static final Duration MARGIN = Duration.ofMinutes(5);

    /** The purge runs every hour; one failed and one late run are not a fault yet. */
    private static final Duration OVERDUE = Duration.ofHours(3);

    private Purge() {}

    /** Purges and adds the numbers of deleted rows to the log line. */
    static void run(PurgeParts parts, ObjectNode line) {
        Retention retention = parts.retention();
        Instant now = parts.time().instant();
        Instant noLookup = now.minus(PendingLookup.LIFE).minus(MARGIN);
        // A lookup accepts answers that were young when it was made, so an answer must outlive it by the time to live.
        Instant noAnswer = noLookup.minus(parts.ttl().longest());
        line.put("answers", retention.deleteAnswersBefore(noAnswer));
        line.put("lookups", retention.deleteLookupsBefore(noLookup));
        retention.purged(now);
    }

    /** The fault of the purge, whichever instance runs it; empty if there is none. */
    static Optional<String> fault(Retention retention, Instant now) {
        try {
            Optional<Instant> last = retention.lastPurge();
            if (last.isEmpty()) {
                return Optional.of("no purge has succeeded yet; the timer function Purge runs every hour");
            }
            return last.filter(time -> time.plus(OVERDUE).isBefore(now))
                    .map(time -> "the last successful purge was at " + time);
        } catch (StoreUnavailableException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
