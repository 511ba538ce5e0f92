package dev.alertuser.service.port;

import dev.alertuser.service.alert.LookupId;
import dev.alertuser.service.alert.LookupProgress;
import dev.alertuser.service.alert.PendingLookup;
import java.util.Optional;

/** Lookups whose callers poll for the answer, shared by all instances. Thread-safe. */
public interface PendingLookupStore {

    /**
     * Stores a lookup, so that it outlives this process.
     *
     * @throws StoreUnavailableException if the store is out of reach
     */
    LookupId add(PendingLookup lookup, LookupProgress progress);

    /**
     * The lookup with that id; empty if there is none or it was purged. One point read.
     *
     * @throws StoreUnavailableException if the store is out of reach
     */
    Optional<Stored> find(LookupId id);

    /**
     * Stores the progress of a lookup if its row is still as read.
     *
     * @return the lookup as it is stored now; empty after a lost race
     * @throws StoreUnavailableException if the store is out of reach; the write may still have happened
     */
    Optional<Stored> replace(LookupId id, Stored read, LookupProgress next);

    /**
     * A lookup as it is stored.
     *
     * @param eTag its version, for {@link #replace}
     */
    record Stored(PendingLookup lookup, LookupProgress progress, String eTag) {}
}
