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
     * @param maxWait how long to wait for the identity endpoint when no valid token is in memory
     * @throws IdentityUnavailableException if there is no token by then
     * @throws InterruptedException if interrupted while waiting
     */
    Session authorize(Duration maxWait) throws InterruptedException;

    /**
     * Begins to open a connection for the next call if there is none, so that it is there when the permit is. Sends nothing, returns at once,
     * and never fails: the call itself meets what fails here.
     */
    void connect();

    /**
     * Checks the claims of the token that {@link #authorize} would use.
     *
     * @return why Defender will refuse it; empty if its claims show no fault
     * @throws IdentityUnavailableException if there is no token by then
     * @throws InterruptedException if interrupted while waiting
     */
    Optional<String> faultOfToken(Duration maxWait) throws InterruptedException;

    /** Calls with one token, valid as long as the token is. */
    interface Session {
        /**
         * Calls Defender once: at most one request goes on the wire, whatever its outcome.
         *
         * @return Found, NotFound, or Deferred with one of the {@code DEFENDER_} reasons
         * @throws InterruptedException if interrupted while waiting for the answer; the request may have been sent
         * @throws dev.alertuser.service.budget.LatePermitException if the permit expired before the request was sent; nothing was sent
         */
        LookupResult findUser(AlertId alertId, Permit permit, Correlation correlation) throws InterruptedException;
    }
}
