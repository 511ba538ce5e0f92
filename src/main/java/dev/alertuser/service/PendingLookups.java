package dev.alertuser.service;

import java.util.Optional;

/** Lookups whose callers come back, shared by all instances. Thread-safe. */
public interface PendingLookups {

    /**
     * Stores a lookup, so that it outlives this process.
     *
     * @throws LookupStoreException if the store is out of reach
     */
    LookupId add(Lookup lookup);

    /**
     * The lookup of that id; empty if there is none, or none any more.
     *
     * @throws LookupStoreException if the store is out of reach
     */
    Optional<Lookup> find(LookupId id);
}
