package dev.alertuser.functions.operate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alertuser.Application.PurgeParts;
import dev.alertuser.service.alert.PendingLookup;
import dev.alertuser.service.port.Retention;
import dev.alertuser.service.port.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Deletes kept answers and lookups as soon as nobody may ask for them any more. */
final class Purge {
    /** For a poll under way, and for clocks that differ. */
    private static final Duration MARGIN = Duration.ofMinutes(5);

    /** It runs every hour; one that failed, and one that is late, are no news yet. */
    private static final Duration OVERDUE = Duration.ofHours(3);

    private Purge() {}

    /** Purges, and puts what was deleted into a line for the log. */
    static void run(PurgeParts parts, ObjectNode line) {
        Retention retention = parts.retention();
        Instant now = parts.time().instant();
        Instant noLookup = now.minus(PendingLookup.LIFE).minus(MARGIN);
        // A lookup takes answers that were young when it was made, so an answer must outlive both.
        Instant noAnswer = noLookup.minus(parts.ttl().longest());
        line.put("answers", retention.deleteAnswersBefore(noAnswer));
        line.put("lookups", retention.deleteLookupsBefore(noLookup));
        retention.purged(now);
    }

    /** What is wrong with the purge, on whichever instance it runs; empty if nothing is. */
    static Optional<String> fault(Retention retention, Instant now) {
        try {
            Optional<Instant> last = retention.lastPurge();
            if (last.isEmpty()) {
                return Optional.of("no purge has ended well yet; the timer function Purge runs every hour");
            }
            return last.filter(time -> time.plus(OVERDUE).isBefore(now))
                    .map(time -> "the last purge that ended well was at " + time);
        } catch (StoreUnavailableException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
