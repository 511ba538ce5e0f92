package dev.alertuser.service.port;

import dev.alertuser.service.alert.LookupId;
import dev.alertuser.service.alert.LookupProgress;
import dev.alertuser.service.alert.PendingLookup;
import java.util.Optional;

/** Lookups whose callers come back, shared by all instances. Thread-safe. */
public interface PendingLookupStore {

    /**
     * Stores a lookup, so that it outlives this process.
     *
     * @throws StoreUnavailableException if the store is out of reach
     */
    LookupId add(PendingLookup lookup, LookupProgress progress);

    /**
     * The lookup of that id; empty if there is none, or none any more. One point read.
     *
     * @throws StoreUnavailableException if the store is out of reach
     */
    Optional<Stored> find(LookupId id);

    /**
     * Writes down how far a lookup has come, unless somebody else did since it was read.
     *
     * @return the lookup as it is stored now; empty if the race was lost
     * @throws StoreUnavailableException if the store is out of reach; the write may still have happened
     */
    Optional<Stored> replace(LookupId id, Stored read, LookupProgress next);

    /**
     * A lookup as it is stored.
     *
     * @param eTag its version, which {@link #replace} presents
     */
    record Stored(PendingLookup lookup, LookupProgress progress, String eTag) {}
}
