package dev.alertuser.service.alert;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The state of a pending lookup: its last results, and the time of the next attempt. A poll before that time is answered from this state
 * alone.
 *
 * @param notBefore time of the next attempt; empty once every alert is settled
 * @param permits charged to the lookup so far
 * @param results the last result of each alert, in the order of the lookup; empty while none are stored
 */
public record LookupProgress(Optional<Instant> notBefore, int permits, Optional<Map<AlertId, LookupResult>> results) {

    public LookupProgress {
        results = results.map(LinkedHashMap::new).map(Collections::unmodifiableMap);
    }

    /** A lookup without results whose caller polls at that time. */
    public static LookupProgress pending(Instant notBefore, int permits) {
        return new LookupProgress(Optional.of(notBefore), permits, Optional.empty());
    }

    /** The same state, with the next attempt at {@code later}. */
    public LookupProgress notBefore(Instant later) {
        return new LookupProgress(Optional.of(later), permits, results);
    }

    public boolean isDue(Instant now) {
        return notBefore.isPresent() && !now.isBefore(notBefore.get());
    }
}
