package dev.alertuser.service.port;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.budget.Permit;
import java.time.Duration;
import java.util.Optional;

/** Defender for Endpoint's {@code GET /api/alerts/{id}/user}. */
public interface DefenderApi {

    /**
     * Gets a token, so that no permit is spent on a call that cannot be made.
     *
     * @param maxWait how long to wait for the identity endpoint when no good token is in hand
     * @throws IdentityUnavailableException if there is no token by then
     * @throws InterruptedException if interrupted while waiting
     */
    Session authorize(Duration maxWait) throws InterruptedException;

    /**
     * Looks into the token that {@link #authorize} would use.
     *
     * @return why Defender will refuse it; empty if nothing speaks against it
     * @throws IdentityUnavailableException if there is no token by then
     * @throws InterruptedException if interrupted while waiting
     */
    Optional<String> faultOfToken(Duration maxWait) throws InterruptedException;

    /** The right to ask, as long as the token behind it lasts. */
    interface Session {
        /**
         * Asks once: at most one request goes on the wire, whatever becomes of it.
         *
         * @return Found, NotFound, or Deferred with one of the {@code DEFENDER_} reasons
         * @throws InterruptedException if interrupted while waiting for the answer; the request may have been sent
         * @throws dev.alertuser.service.budget.LatePermitException if the permit ran out before the request left; nothing was sent
         */
        LookupResult findUser(AlertId alertId, Permit permit, Correlation correlation) throws InterruptedException;
    }
}
