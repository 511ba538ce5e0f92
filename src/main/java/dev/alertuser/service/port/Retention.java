package dev.alertuser.service.port;

import java.time.Instant;
import java.util.Optional;

/** Deletes expired rows. Thread-safe. Each method throws {@link StoreUnavailableException} if the store is out of reach. */
public interface Retention {

    /**
     * Deletes the cached answers that Defender gave before that time, including those of other apps in the same account. Rows deleted
     * before a failure stay deleted.
     *
     * @return number of deleted rows
     */
    int deleteAnswersBefore(Instant time);

    /** Deletes the pending lookups that were made before that time; otherwise like {@link #deleteAnswersBefore}. */
    int deleteLookupsBefore(Instant time);

    /** Stores the time of a successful purge. */
    void purged(Instant time);

    /** Time of the last successful purge on any instance; empty if none is known. */
    Optional<Instant> lastPurge();
}
