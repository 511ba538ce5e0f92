package dev.alertuser.service;

import java.time.Instant;

/** Forgets what nobody may ask for any more. Thread-safe. */
public interface Retention {

    /**
     * Deletes the kept answers and lookups of all UTC days that were over at that time. Looks at no row of a later day.
     *
     * @return how many were deleted
     * @throws LookupStoreException if the store is out of reach; what was deleted by then stays deleted
     */
    int deleteDaysBefore(Instant time);
}
