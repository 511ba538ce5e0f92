package dev.alertuser.service.port;

import dev.alertuser.service.alert.LookupId;
import dev.alertuser.service.alert.LookupProgress;
import dev.alertuser.service.alert.PendingLookup;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Rows in memory, with the compare-and-swap of the table. */
public final class InMemoryPendingLookupStore implements PendingLookupStore {
    private final Map<LookupId, Stored> rows = new HashMap<>();
    private int eTag;
    private boolean outOfReach;
    private Runnable duringWrites = () -> {};

    @Override
    public synchronized LookupId add(PendingLookup lookup, LookupProgress progress) {
        duringWrites.run();
        LookupId id = LookupId.random(LocalDate.ofInstant(lookup.madeAt(), ZoneOffset.UTC), new SecureRandom());
        rows.put(id, new Stored(lookup, progress, "e" + eTag++));
        return id;
    }

    @Override
    public synchronized Optional<Stored> find(LookupId id) {
        if (outOfReach) {
            throw new StoreUnavailableException("out of reach", new IllegalStateException());
        }
        return Optional.ofNullable(rows.get(id));
    }

    @Override
    public synchronized Optional<Stored> replace(LookupId id, Stored read, LookupProgress next) {
        duringWrites.run();
        if (!rows.get(id).eTag().equals(read.eTag())) {
            return Optional.empty();
        }
        Stored stored = new Stored(read.lookup(), next, "e" + eTag++);
        rows.put(id, stored);
        return Optional.of(stored);
    }

    /** Runs this during each write from now on, for a table that takes its time. */
    public synchronized void duringWrites(Runnable duringWrites) {
        this.duringWrites = duringWrites;
    }

    /** Fails every read from now on. */
    public synchronized void goOutOfReach() {
        outOfReach = true;
    }
}
