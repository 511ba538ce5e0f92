package dev.alertuser.defender;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import dev.alertuser.service.port.IdentityUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The token for Defender: one request at a time, and the last good token for as long as it is good. Thread-safe.
 *
 * <p>The credential alone does neither. azure-identity 1.18.2 made 20 requests for 32 threads that found it cold, and with a good token
 * in its cache it failed, after 29 s of retries, because the refresh did.
 *
 * <ol>
 *   <li>A good token is returned at once. When it is due for a refresh, one starts beside it.
 *   <li>Without a good token all callers wait for the one request under way, each for its own time. The request outlives them.
 *   <li>For 5 s after a request failed none is started, and without a good token all callers are told of that failure.
 * </ol>
 */
public final class TokenSource {
    private static final Duration MAX_WAIT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    /** Longer than azure-identity's own retries take. */
    private static final Duration MAX_REQUEST = Duration.ofMinutes(1);

    private static final Duration AFTER_REFUSAL = Duration.ofMinutes(5);
    private static final Duration LONG_LIFE = Duration.ofHours(2);
    private static final Duration REFRESH_BEFORE_EXPIRY = Duration.ofMinutes(5);

    private final String scope;
    private final Mono<AccessToken> answer;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Duration neededLife;

    private @Nullable AccessToken token;
    private Instant refreshAt = Instant.MIN;
    private @Nullable Throwable failure;
    private long failedAt;
    private @Nullable CompletableFuture<AccessToken> request;

    /**
     * Asks for nothing yet.
     *
     * @param scope {@code https://api.securitycenter.microsoft.com/.default}; it does not follow the API's host
     * @param neededLife how long a token in hand must last: the longest wait for a permit, and the call after it
     * @param clock of the wall, as a token's end is
     * @param nanoTime a monotonic clock, for the pause after a failure
     */
    public TokenSource(
            TokenCredential credential, String scope, Duration neededLife, InstantSource clock, LongSupplier nanoTime) {
        this.scope = scope;
        TokenRequestContext context = new TokenRequestContext().addScopes(scope);
        // The managed identity's request may block the thread that subscribes, so it gets one of its own.
        this.answer = Mono.defer(() -> credential.getToken(context))
                .subscribeOn(Schedulers.boundedElastic())
                .timeout(MAX_REQUEST)
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("the credential answered without a token")));
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.neededLife = neededLife;
    }

    /**
     * The token, good for as long as is needed.
     *
     * @param maxWait how long to wait for the identity endpoint when no good token is in hand; 10 s at most
     * @throws IdentityUnavailableException if there is none by then, or the last request failed less than 5 s ago
     * @throws InterruptedException if interrupted while waiting
     */
    public AccessToken get(Duration maxWait) throws InterruptedException {
        CompletableFuture<AccessToken> joined;
        synchronized (this) {
            Instant now = clock.instant();
            AccessToken good = token != null && isGood(token, now) ? token : null;
            boolean due = good == null || !now.isBefore(refreshAt);
            if (due && request == null && !isPaused()) {
                startRequest();
            }
            if (good != null) {
                return good;
            }
            if (request == null) {
                throw unavailable("the last request failed", Objects.requireNonNull(failure));
            }
            joined = request;
        }
        return await(joined, maxWait.compareTo(MAX_WAIT) < 0 ? maxWait : MAX_WAIT);
    }

    /** What is asked for may end before this returns, so the request is known before it begins. */
    private void startRequest() {
        CompletableFuture<AccessToken> started = new CompletableFuture<>();
        request = started;
        answer.doOnNext(this::keep).subscribe(started::complete, cause -> {
            pause(cause);
            started.completeExceptionally(cause);
        });
    }

    private boolean isPaused() {
        return failure != null && nanoTime.getAsLong() - failedAt < PAUSE.toNanos();
    }

    /**
     * Says that Defender refused a token, which may be from before a role was granted: it is asked for anew before half of its life is over. The
     * platform may give the old one again.
     */
    synchronized void refused(String refusedToken) {
        if (token != null && token.getToken().equals(refusedToken)) {
            Instant soon = clock.instant().plus(AFTER_REFUSAL);
            refreshAt = soon.isBefore(refreshAt) ? soon : refreshAt;
        }
    }

    /** What the token is asked for. */
    String scope() {
        return scope;
    }

    private static AccessToken await(CompletableFuture<AccessToken> request, Duration maxWait)
            throws InterruptedException {
        try {
            return request.get(maxWait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw unavailable("no answer within " + maxWait, e);
        } catch (ExecutionException e) {
            throw unavailable("the request failed", e.getCause() == null ? e : e.getCause());
        }
    }

    private synchronized void keep(AccessToken answered) {
        Instant now = clock.instant();
        if (!isGood(answered, now)) {
            throw new IllegalStateException("the token ends at " + answered.getExpiresAt() + " and it is " + now);
        }
        token = answered;
        refreshAt = refreshAt(answered, now);
        request = null;
    }

    private synchronized void pause(Throwable cause) {
        failure = cause;
        failedAt = nanoTime.getAsLong();
        request = null;
    }

    private boolean isGood(AccessToken token, Instant now) {
        return now.plus(neededLife).isBefore(token.getExpiresAt().toInstant());
    }

    static Instant refreshAt(AccessToken token, Instant now) {
        Instant due = token.getRefreshAt() != null ? token.getRefreshAt().toInstant() : refreshByLife(token, now);
        // A token that comes overdue, because the platform keeps it too, is not asked for in a loop.
        Instant soonest = now.plus(PAUSE);
        return due.isBefore(soonest) ? soonest : due;
    }

    /** As azure-identity does it: half-life for long lives, else shortly before the end, but never before half-life. */
    private static Instant refreshByLife(AccessToken token, Instant now) {
        Instant expiry = token.getExpiresAt().toInstant();
        Duration life = Duration.between(now, expiry);
        Instant halfLife = now.plus(life.dividedBy(2));
        Instant nearExpiry = expiry.minus(REFRESH_BEFORE_EXPIRY);
        return life.compareTo(LONG_LIFE) > 0 || nearExpiry.isBefore(halfLife) ? halfLife : nearExpiry;
    }

    /** The cause is not repeated in the message: azure-identity's are long. */
    private static IdentityUnavailableException unavailable(String what, Throwable cause) {
        return new IdentityUnavailableException(
                "no token for Defender (" + what + "): check that the app has an identity and that AZURE_CLIENT_ID,"
                        + " if set, is the client id of one that is assigned to the app",
                cause);
    }
}
