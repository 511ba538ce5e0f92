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
 * The token for Defender: a single flight of requests, and a cache of the last valid token. Thread-safe.
 *
 * <p>The credential alone does neither. azure-identity 1.18.2 made 20 requests for 32 threads that found its cache empty, and it failed
 * after 29 s of retries although its cache held a valid token, because the refresh failed.
 *
 * <ol>
 *   <li>A valid token is returned at once. When it is due for a refresh, the refresh runs in the background.
 *   <li>Without a valid token all callers wait for the one request under way, each with its own time limit. The request outlives them.
 *   <li>For 5 s after a failed request no other one starts; without a valid token all callers fail with that failure.
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
     * Requests no token yet.
     *
     * @param scope {@code https://api.securitycenter.microsoft.com/.default}; it does not follow the API's host
     * @param neededLife how long a token must still be valid: the longest wait for a permit, and the call after it
     * @param clock a wall clock, since a token expires by one
     * @param nanoTime a monotonic clock, for the pause after a failure
     */
    public TokenSource(
            TokenCredential credential, String scope, Duration neededLife, InstantSource clock, LongSupplier nanoTime) {
        this.scope = scope;
        TokenRequestContext context = new TokenRequestContext().addScopes(scope);
        // The request of a managed identity may block the thread that subscribes, so it gets its own thread.
        this.answer = Mono.defer(() -> credential.getToken(context))
                .subscribeOn(Schedulers.boundedElastic())
                .timeout(MAX_REQUEST)
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("the credential answered without a token")));
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.neededLife = neededLife;
    }

    /**
     * A token that is valid for as long as needed.
     *
     * @param maxWait how long to wait for the identity endpoint if there is no valid token; 10 s at most
     * @throws IdentityUnavailableException if there is no token by then, or the last request failed less than 5 s ago
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

    /** Registers the request before it begins, since it may end before this method returns. */
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
     * Reports that Defender refused a token. The token may be older than a role, so a new one is requested before half of its life is over.
     * The platform may return the old one again.
     */
    synchronized void refused(String refusedToken) {
        if (token != null && token.getToken().equals(refusedToken)) {
            Instant soon = clock.instant().plus(AFTER_REFUSAL);
            refreshAt = soon.isBefore(refreshAt) ? soon : refreshAt;
        }
    }

    /** The audience of the token. */
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
        // The platform caches tokens, too, and may return one that is due for a refresh already: do not request it in a
        // loop.
        Instant soonest = now.plus(PAUSE);
        return due.isBefore(soonest) ? soonest : due;
    }

    /** Like azure-identity: at half of the life of a long-lived token, else shortly before its end, but never before half of its life. */
    private static Instant refreshByLife(AccessToken token, Instant now) {
        Instant expiry = token.getExpiresAt().toInstant();
        Duration life = Duration.between(now, expiry);
        Instant halfLife = now.plus(life.dividedBy(2));
        Instant nearExpiry = expiry.minus(REFRESH_BEFORE_EXPIRY);
        return life.compareTo(LONG_LIFE) > 0 || nearExpiry.isBefore(halfLife) ? halfLife : nearExpiry;
    }

    /** Does not repeat the cause in the message, since the messages of azure-identity are long. */
    private static IdentityUnavailableException unavailable(String what, Throwable cause) {
        return new IdentityUnavailableException(
                "no token for Defender (" + what + "): check that the app has an identity and that AZURE_CLIENT_ID,"
                        + " if set, is the client id of one that is assigned to the app",
                cause);
    }
}
