package dev.alertuser.service;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.LookupOutcome;
import dev.alertuser.service.alert.LookupRequest;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.LatePermitException;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.QuestionKey;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.budget.RateLimiter.Decision.Denied;
import dev.alertuser.service.budget.RateLimiter.Decision.Granted;
import dev.alertuser.service.port.AnswerCache;
import dev.alertuser.service.port.DefenderApi;
import dev.alertuser.service.port.IdentityUnavailableException;
import dev.alertuser.service.port.StoreUnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the user behind an alert. All triggers of the app share it.
 *
 * <ol>
 *   <li>Single flight: equal requests in this process share one lookup.
 *   <li>A cache hit within its time to live costs no permit.
 *   <li>On a miss: get a token, acquire a permit (a connection to Defender is opened meanwhile), call Defender once, hand its answer to the
 *       cache. The caller does not wait until it is cached: see {@link WriteBehindCache}.
 * </ol>
 *
 * <p>No Defender call is retried: each costs a permit, and a deferral carries the time after which the caller's next request is worthwhile.
 *
 * <p>Thread-safe.
 */
public final class AlertUserService {
    private static final Logger LOG = System.getLogger(AlertUserService.class.getName());

    /** Retry-After when storage or the identity endpoint is down. */
    private static final Duration OUTAGE = Duration.ofSeconds(30);

    /** Even callers that do not wait for a permit wait for a token: without one no request can ever be answered. */
    private static final Duration TOKEN_WAIT = Duration.ofSeconds(10);

    /** Retry-After when an equal request is still under way. */
    private static final Duration SOON = Duration.ofSeconds(1);

    /** A permit that expires while the connection is made is lost. After three in a row the connection is too slow for a fourth. */
    private static final int MAX_ATTEMPTS = 3;

    private final DefenderApi defender;
    private final RateLimiter limiter;
    private final AnswerCache cache;
    private final AnswerTtl answerTtl;
    private final LongSupplier nanoTime;
    private final Function<AlertId, QuestionKey> questions;

    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final ConcurrentMap<Flight, CompletableFuture<LookupResult>> flights = new ConcurrentHashMap<>();

    /** Denials of the limiter, which do not hold for a caller that waits longer. */
    private static final Set<Reason> DENIALS =
            Set.of(Reason.BUDGET_EXHAUSTED, Reason.BUDGET_RECOVERING, Reason.DEFENDER_THROTTLED);

    /** Key of equal requests. The priority is part of it, so that no interactive caller waits for a permit of the backlog. */
    private record Flight(AlertId alertId, Priority priority, boolean fresh) {}

    /** Cost of one request so far; times are of the monotonic clock. */
    private static final class Cost {
        private final long start;
        private int permits;
        private long waited = -1;
        private @Nullable Duration call;

        private Cost(long start) {
            this.start = start;
        }
    }

    /**
     * Asks with the app's own rights.
     *
     * @param nanoTime a monotonic clock, for all waits
     */
    public AlertUserService(
            DefenderApi defender, RateLimiter limiter, AnswerCache cache, AnswerTtl answerTtl, LongSupplier nanoTime) {
        this(defender, limiter, cache, answerTtl, nanoTime, AlertId::question);
    }

    /**
     * Asks with the rights of whoever {@code defender} stands for.
     *
     * @param cache of answers that were given to the same one
     * @param nanoTime a monotonic clock, for all waits
     * @param questions different for each one who asks, so that nobody waits in another's place in line
     */
    public AlertUserService(
            DefenderApi defender,
            RateLimiter limiter,
            AnswerCache cache,
            AnswerTtl answerTtl,
            LongSupplier nanoTime,
            Function<AlertId, QuestionKey> questions) {
        this.defender = defender;
        this.limiter = limiter;
        this.cache = cache;
        this.answerTtl = answerTtl;
        this.nanoTime = nanoTime;
        this.questions = questions;
    }

    /**
     * Looks up one alert. Returns a deferral as soon as it knows that no permit comes within {@link LookupRequest#maxWait}. Two steps may
     * outlast that wait: a token takes at most 10 s, and a call to Defender ends by its own timeouts only, since it has cost a permit.
     *
     * @throws InterruptedException if interrupted while waiting
     */
    public LookupOutcome find(LookupRequest request) throws InterruptedException {
        Cost cost = new Cost(nanoTime.getAsLong());
        Deadline deadline = Deadline.in(request.maxWait(), nanoTime);
        Flight flight = new Flight(request.alertId(), request.priority(), request.fresh());
        while (true) {
            CompletableFuture<LookupResult> mine = new CompletableFuture<>();
            CompletableFuture<LookupResult> running = flights.putIfAbsent(flight, mine);
            if (running == null) {
                return outcome(lead(flight, mine, request, deadline, cost), cost);
            }
            Optional<LookupResult> shared = join(running, deadline.left());
            if (shared.isPresent()
                    && !isDenialOfShorterWait(shared.get(), deadline)
                    && !isTooOld(shared.get(), request)) {
                return outcome(shared.get(), cost);
            }
            // The leader's result does not count here. Its flight is over, so the next round leads a new one or joins
            // it.
        }
    }

    private LookupOutcome outcome(LookupResult result, Cost cost) {
        long waited = cost.waited < 0 ? nanoTime.getAsLong() - cost.start : cost.waited;
        return new LookupOutcome(result, cost.permits, Duration.ofNanos(waited), cost.call);
    }

    private LookupResult lead(
            Flight flight, CompletableFuture<LookupResult> mine, LookupRequest request, Deadline deadline, Cost cost)
            throws InterruptedException {
        // Each exit removes the flight before it completes the future: a follower that goes round would otherwise join
        // the
        // completed flight again, and spin.
        try {
            Optional<LookupResult> cached = cached(request);
            if (cached.isEmpty() && !request.fresh()) {
                misses.increment();
            }
            LookupResult result = cached.isPresent() ? cached.get() : callDefender(request, deadline, cost);
            flights.remove(flight, mine);
            mine.complete(result);
            return result;
        } catch (InterruptedException e) {
            flights.remove(flight, mine);
            mine.cancel(false);
            throw e;
        } catch (Throwable t) {
            flights.remove(flight, mine);
            mine.completeExceptionally(t);
            throw t;
        }
    }

    /** The leader's result; empty if the leader was interrupted, which settles nothing for its followers. */
    private static Optional<LookupResult> join(CompletableFuture<LookupResult> running, Duration wait)
            throws InterruptedException {
        try {
            return Optional.of(running.get(wait.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.of(new Deferred(Reason.SAME_QUESTION_UNDER_WAY, SOON, null));
        } catch (CancellationException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an equal request under way at the same time failed", e.getCause());
        }
    }

    /** Whether the leader was denied a permit for which this request can wait. */
    private static boolean isDenialOfShorterWait(LookupResult shared, Deadline deadline) {
        return shared instanceof Deferred deferred
                && DENIALS.contains(deferred.reason())
                && deferred.retryAfter().compareTo(deadline.left()) <= 0;
    }

    private LookupResult callDefender(LookupRequest request, Deadline deadline, Cost cost) throws InterruptedException {
        try {
            // The token comes first: a permit is charged when it is granted, and expires within seconds.
            DefenderApi.Session session = defender.authorize(TOKEN_WAIT);
            defender.connect();
            QuestionKey question = questions.apply(request.alertId());
            for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
                RateLimiter.Decision decision = limiter.acquire(question, request.priority(), deadline.left());
                cost.permits += decision.charged();
                if (decision instanceof Denied denied) {
                    return new Deferred(reason(denied), denied.retryAfter(), null);
                }
                long called = nanoTime.getAsLong();
                cost.waited = called - cost.start;
                try {
                    LookupResult answer =
                            session.findUser(request.alertId(), ((Granted) decision).permit(), request.correlation());
                    cost.call = Duration.ofNanos(nanoTime.getAsLong() - called);
                    return settle(request, answer);
                } catch (LatePermitException e) {
                    LOG.log(
                            Level.WARNING,
                            line("a permit expired before its request was sent; taking another", request));
                }
            }
            return new Deferred(Reason.DEFENDER_UNAVAILABLE, OUTAGE, null);
        } catch (IdentityUnavailableException e) {
            LOG.log(Level.ERROR, line("no token for Defender", request), e);
            return new Deferred(Reason.IDENTITY_UNAVAILABLE, OUTAGE, null);
        } catch (BudgetUnavailableException e) {
            LOG.log(Level.ERROR, line("the counter of permits is out of reach, so nothing is sent", request), e);
            return new Deferred(Reason.BUDGET_UNAVAILABLE, OUTAGE, null);
        }
    }

    private static Reason reason(Denied denied) {
        return switch (denied.cause()) {
            case QUOTA -> Reason.BUDGET_EXHAUSTED;
            case THROTTLED -> Reason.DEFENDER_THROTTLED;
            case RECOVERING -> Reason.BUDGET_RECOVERING;
            case CLAIMED -> Reason.SAME_QUESTION_UNDER_WAY;
        };
    }

    private LookupResult settle(LookupRequest request, LookupResult answer) throws InterruptedException {
        if (!(answer instanceof Deferred deferred)) {
            putInCache(request, answer);
        } else if (deferred.reason() == Reason.DEFENDER_THROTTLED) {
            pause(request, deferred.retryAfter());
        }
        return answer;
    }

    private void pause(LookupRequest request, Duration retryAfter) throws InterruptedException {
        try {
            limiter.pause(retryAfter);
        } catch (BudgetUnavailableException e) {
            String what = "Defender's pause does not reach other instances: the counter is out of reach";
            LOG.log(Level.WARNING, line(what, request), e);
        }
    }

    /** Hits and misses of the answer cache; requests for a fresh answer count as neither unless they hit. */
    public CacheStats cacheStats() {
        return new CacheStats(hits.sum(), misses.sum());
    }

    /** The cached answer for a request, at no cost in permits. Empty on a miss, and when the cache is out of reach. */
    public Optional<LookupResult> cached(LookupRequest request) {
        Duration ttl = request.fresh() ? Duration.ZERO : answerTtl.longest();
        try {
            Optional<LookupResult> cached = cache.find(
                            request.alertId(), request.askedAt().minus(ttl))
                    .filter(answer -> !isTooOld(answer, request));
            cached.ifPresent(answer -> hits.increment());
            return cached;
        } catch (StoreUnavailableException e) {
            // The circuit breaker around the cache logs the outage once for all callers.
            return Optional.empty();
        }
    }

    private boolean isTooOld(LookupResult answer, LookupRequest request) {
        return answer.match(
                found -> isTooOld(found.origin(), answerTtl.found(), request),
                notFound -> isTooOld(notFound.origin(), answerTtl.notFound(), request),
                rejected -> isTooOld(rejected.origin(), answerTtl.notFound(), request),
                deferred -> false);
    }

    /** An answer straight from Defender is never too old, even if a leader that started earlier dated it before this request. */
    private static boolean isTooOld(Origin origin, Duration ttl, LookupRequest request) {
        Duration allowed = request.fresh() ? Duration.ZERO : ttl;
        return origin.source() == Source.CACHED
                && !origin.observedAt().plus(allowed).isAfter(request.askedAt());
    }

    private void putInCache(LookupRequest request, LookupResult answer) {
        try {
            cache.put(request.alertId(), answer);
        } catch (StoreUnavailableException e) {
            // The next request for this alert costs a permit. The circuit breaker logs the outage.
        }
    }

    /** Adds the id that the caller knows, so that its log lines are found. */
    private static String line(String what, LookupRequest request) {
        return what + ", correlationId=" + request.correlation().id();
    }
}
