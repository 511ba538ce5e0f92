package dev.alertuser.service.alert;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How far a lookup has come: what it was told last, and when asking again is worthwhile. Whoever comes back earlier is answered from this
 * alone.
 *
 * @param notBefore when the lookup may be worked on again; empty if never, since all is settled
 * @param permits charged to the lookup so far
 * @param results what each alert came to, in the order of the lookup; empty while the caller was only told to come back
 */
public record LookupProgress(Optional<Instant> notBefore, int permits, Optional<Map<AlertId, LookupResult>> results) {

    public LookupProgress {
        results = results.map(LinkedHashMap::new).map(Collections::unmodifiableMap);
    }

    /** A lookup whose caller comes back at that time. */
    public static LookupProgress pending(Instant notBefore, int permits) {
        return new LookupProgress(Optional.of(notBefore), permits, Optional.empty());
    }

    /** The same, left alone until then. */
    public LookupProgress notBefore(Instant later) {
        return new LookupProgress(Optional.of(later), permits, results);
    }

    public boolean isDue(Instant now) {
        return notBefore.isPresent() && !now.isBefore(notBefore.get());
    }
}
