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
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers who the user behind an alert is. All entries of the app share it.
 *
 * <ol>
 *   <li>The same question under way in this process is waited for, not asked again.
 *   <li>A kept answer that is young enough costs nothing.
 *   <li>Otherwise a token is had, then a permit, then Defender is asked once, then its answer is kept.
 * </ol>
 *
 * <p>Nothing is asked twice by itself: each attempt costs a permit, and every caller is told when its own next one is worth making.
 *
 * <p>Thread-safe.
 */
public final class AlertUserService {
    private static final Logger LOG = System.getLogger(AlertUserService.class.getName());

    /** Storage that does not answer is asked again by then; so is an identity endpoint. */
    private static final Duration OUTAGE = Duration.ofSeconds(30);

    /** A token is waited for even by callers who do not wait for a permit: without one nobody can ever be answered. */
    private static final Duration TOKEN_WAIT = Duration.ofSeconds(10);

    /** Whoever met an equal question comes back then. */
    private static final Duration SOON = Duration.ofSeconds(1);

    /** A permit that ran out while the connection was made is lost; twice in a row the connection is too slow to be worth a third. */
    private static final int MAX_ATTEMPTS = 3;

    private final DefenderApi defender;
    private final RateLimiter limiter;
    private final AnswerCache cache;
    private final AnswerTtl answerTtl;
    private final LongSupplier nanoTime;

    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final ConcurrentMap<Flight, CompletableFuture<LookupResult>> flights = new ConcurrentHashMap<>();

    /** What the limiter says to one and not to another who waits longer. */
    private static final Set<Reason> DENIALS =
            Set.of(Reason.BUDGET_EXHAUSTED, Reason.BUDGET_RECOVERING, Reason.DEFENDER_THROTTLED);

    /** Equal questions. Priorities are kept apart, so that no interactive caller waits for a permit of the backlog. */
    private record Flight(AlertId alertId, Priority priority, boolean fresh) {}

    /** What one question has cost so far; times are of the monotonic clock. */
    private static final class Cost {
        private final long start;
        private int permits;
        private long waited = -1;
        private @Nullable Duration call;

        private Cost(long start) {
            this.start = start;
        }
    }

    /** @param nanoTime a monotonic clock, for all that is waited for */
    public AlertUserService(
            DefenderApi defender, RateLimiter limiter, AnswerCache cache, AnswerTtl answerTtl, LongSupplier nanoTime) {
        this.defender = defender;
        this.limiter = limiter;
        this.cache = cache;
        this.answerTtl = answerTtl;
        this.nanoTime = nanoTime;
    }

    /**
     * Looks up one alert. Returns when the answer is there, or when it is known that it does not come within {@link LookupRequest#maxWait}. What that
     * wait does not cut short is bounded otherwise: a token is waited for at most 10 s, and a call that was made is never given up before its
     * own time-outs, since it has cost a permit.
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
                    && !isAnothersImpatience(shared.get(), deadline)
                    && !isTooOld(shared.get(), request)) {
                return outcome(shared.get(), cost);
            }
            // Otherwise this question goes round: it may lead the next time, or join another leader.
        }
    }

    private LookupOutcome outcome(LookupResult result, Cost cost) {
        long waited = cost.waited < 0 ? nanoTime.getAsLong() - cost.start : cost.waited;
        return new LookupOutcome(result, cost.permits, Duration.ofNanos(waited), cost.call);
    }

    private LookupResult lead(
            Flight flight, CompletableFuture<LookupResult> mine, LookupRequest request, Deadline deadline, Cost cost)
            throws InterruptedException {
        // Whoever joined finds no flight any more once it is told of the end, so that going round it does not meet this
        // one again.
        try {
            Optional<LookupResult> cached = cached(request);
            if (cached.isEmpty() && !request.fresh()) {
                misses.increment();
            }
            LookupResult result = cached.isPresent() ? cached.get() : ask(request, deadline, cost);
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

    /** What the leader came to; empty if it was interrupted, which is nothing to share. */
    private static Optional<LookupResult> join(CompletableFuture<LookupResult> running, Duration wait)
            throws InterruptedException {
        try {
            return Optional.of(running.get(wait.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.of(new Deferred(Reason.SAME_QUESTION_UNDER_WAY, SOON, null));
        } catch (CancellationException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the same question, asked at the same time, failed", e.getCause());
        }
    }

    /** Whether the leader was denied a permit that this question has the time to wait for. */
    private static boolean isAnothersImpatience(LookupResult shared, Deadline deadline) {
        return shared instanceof Deferred deferred
                && DENIALS.contains(deferred.reason())
                && deferred.retryAfter().compareTo(deadline.left()) < 0;
    }

    private LookupResult ask(LookupRequest request, Deadline deadline, Cost cost) throws InterruptedException {
        try {
            DefenderApi.Session session = defender.authorize(TOKEN_WAIT);
            for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
                RateLimiter.Decision decision = limiter.acquire(request.priority(), deadline.left());
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
                    LOG.log(Level.WARNING, line("a permit ran out before its request left; taking another", request));
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
            String what = "other instances cannot be told of Defender's pause: the counter is out of reach";
            LOG.log(Level.WARNING, line(what, request), e);
        }
    }

    /** How often an answer was kept when one was asked for. */
    public CacheStats cacheStats() {
        return new CacheStats(hits.sum(), misses.sum());
    }

    /** The kept answer that counts for a question, at no cost. Empty also if the store is out of reach. */
    public Optional<LookupResult> cached(LookupRequest request) {
        Duration life = request.fresh() ? Duration.ZERO : answerTtl.longest();
        try {
            Optional<LookupResult> cached = cache.find(
                            request.alertId(), request.askedAt().minus(life))
                    .filter(answer -> !isTooOld(answer, request));
            cached.ifPresent(answer -> hits.increment());
            return cached;
        } catch (StoreUnavailableException e) {
            // Told by the breaker around the store, once for all who meet it.
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

    /** What Defender itself answers now is never too old, though its clock reading may be from before this question. */
    private static boolean isTooOld(Origin origin, Duration life, LookupRequest request) {
        Duration allowed = request.fresh() ? Duration.ZERO : life;
        return origin.source() == Source.CACHED
                && !origin.observedAt().plus(allowed).isAfter(request.askedAt());
    }

    private void putInCache(LookupRequest request, LookupResult answer) {
        try {
            cache.put(request.alertId(), answer);
        } catch (StoreUnavailableException e) {
            // The next question for it costs a permit; told by the breaker around the store.
        }
    }

    /** Found by the id that the caller knows. */
    private static String line(String what, LookupRequest request) {
        return what + ", correlationId=" + request.correlation().id();
    }
}
