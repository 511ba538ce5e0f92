package dev.alertuser.service.port;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.LookupResult;
import java.time.Instant;
import java.util.Optional;

/** Cache of Defender's answers, shared by all instances. Thread-safe. */
public interface AnswerCache {

    /**
     * The newest cached answer that Defender gave at or after {@code notBefore}: Found, NotFound or Rejected, with source {@code CACHED}.
     *
     * @throws StoreUnavailableException if the store is out of reach
     */
    Optional<LookupResult> find(AlertId alertId, Instant notBefore);

    /**
     * Caches an answer, in place of an older one; the write may end after this returns. A {@code Deferred} is no answer and must not be
     * passed.
     *
     * @throws StoreUnavailableException if the store is out of reach
     */
    void put(AlertId alertId, LookupResult answer);
}
