package dev.alertuser.service.port;

import java.time.Instant;
import java.util.Optional;

/** Forgets what nobody may ask for any more. Thread-safe. All throw {@link StoreUnavailableException} if the store is out of reach. */
public interface Retention {

    /**
     * Deletes the kept answers that Defender gave before that time, those of other apps in the same account included. What was deleted before
     * a failure stays deleted.
     *
     * @return how many were deleted
     */
    int deleteAnswersBefore(Instant time);

    /** Deletes the lookups that were made before that time; else as {@link #deleteAnswersBefore}. */
    int deleteLookupsBefore(Instant time);

    /** Remembers a purge that ended well. */
    void purged(Instant time);

    /** When a purge last ended well, on whichever instance; empty if none is known. */
    Optional<Instant> lastPurge();
}
