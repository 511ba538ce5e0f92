package dev.alertuser.service.port;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.LookupResult;
import java.time.Instant;
import java.util.Optional;

/** Keeps answers for a while, shared by all instances. Thread-safe. */
public interface AnswerCache {

    /**
     * The newest kept answer that Defender gave at or after {@code notBefore}: Found, NotFound or Rejected, with source {@code CACHED}.
     *
     * @throws StoreUnavailableException if the store is out of reach
     */
    Optional<LookupResult> find(AlertId alertId, Instant notBefore);

    /**
     * Keeps an answer, in place of an older one. A {@code Deferred} is no answer and is not kept.
     *
     * @throws StoreUnavailableException if the store is out of reach
     */
    void put(AlertId alertId, LookupResult answer);
}
