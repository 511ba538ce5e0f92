package dev.alertuser.service;

import dev.alertuser.service.LookupResult.Deferred;
import dev.alertuser.service.LookupResult.Origin;
import dev.alertuser.service.LookupResult.Reason;
import dev.alertuser.service.LookupResult.Source;
import dev.alertuser.service.RateLimiter.Decision.Denied;
import dev.alertuser.service.RateLimiter.Decision.Granted;
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
    private final LookupStore store;
    private final Keeping keeping;
    private final LongSupplier nanoTime;

    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final ConcurrentMap<Flight, CompletableFuture<LookupResult>> flights = new ConcurrentHashMap<>();

    /**
     * How long answers are kept.
     *
     * @param found an answer with a user
     * @param notFound an answer without one, which may come a little later than the alert
     */
    public record Keeping(Duration found, Duration notFound) {
        public Duration longest() {
            return found.compareTo(notFound) > 0 ? found : notFound;
        }
    }

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
            DefenderApi defender, RateLimiter limiter, LookupStore store, Keeping keeping, LongSupplier nanoTime) {
        this.defender = defender;
        this.limiter = limiter;
        this.store = store;
        this.keeping = keeping;
        this.nanoTime = nanoTime;
    }

    /**
     * Looks up one alert. Returns when the answer is there, or when it is known that it does not come within {@link Question#maxWait}. What that
     * wait does not cut short is bounded otherwise: a token is waited for at most 10 s, and a call that was made is never given up before its
     * own time-outs, since it has cost a permit.
     *
     * @throws InterruptedException if interrupted while waiting
     */
    public Asked find(Question question) throws InterruptedException {
        Cost cost = new Cost(nanoTime.getAsLong());
        Deadline deadline = Deadline.in(question.maxWait(), nanoTime);
        Flight flight = new Flight(question.alertId(), question.priority(), question.fresh());
        while (true) {
            CompletableFuture<LookupResult> mine = new CompletableFuture<>();
            CompletableFuture<LookupResult> running = flights.putIfAbsent(flight, mine);
            if (running == null) {
                return asked(lead(flight, mine, question, deadline, cost), cost);
            }
            Optional<LookupResult> shared = join(running, deadline.left());
            if (shared.isPresent()
                    && !isAnothersImpatience(shared.get(), deadline)
                    && !isTooOld(shared.get(), question)) {
                return asked(shared.get(), cost);
            }
            // Otherwise this question goes round: it may lead the next time, or join another leader.
        }
    }

    private Asked asked(LookupResult result, Cost cost) {
        long waited = cost.waited < 0 ? nanoTime.getAsLong() - cost.start : cost.waited;
        return new Asked(result, cost.permits, Duration.ofNanos(waited), cost.call);
    }

    private LookupResult lead(
            Flight flight, CompletableFuture<LookupResult> mine, Question question, Deadline deadline, Cost cost)
            throws InterruptedException {
        // Whoever joined finds no flight any more once it is told of the end, so that going round it does not meet this
        // one again.
        try {
            Optional<LookupResult> kept = kept(question);
            if (kept.isEmpty() && !question.fresh()) {
                misses.increment();
            }
            LookupResult result = kept.isPresent() ? kept.get() : ask(question, deadline, cost);
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

    private LookupResult ask(Question question, Deadline deadline, Cost cost) throws InterruptedException {
        try {
            DefenderApi.Session session = defender.authorize(TOKEN_WAIT);
            for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
                RateLimiter.Decision decision = limiter.acquire(question.priority(), deadline.left());
                cost.permits += decision.charged();
                if (decision instanceof Denied denied) {
                    return new Deferred(reason(denied), denied.retryAfter(), null);
                }
                long called = nanoTime.getAsLong();
                cost.waited = called - cost.start;
                try {
                    LookupResult answer =
                            session.findUser(question.alertId(), ((Granted) decision).permit(), question.correlation());
                    cost.call = Duration.ofNanos(nanoTime.getAsLong() - called);
                    return settle(question, answer);
                } catch (LatePermitException e) {
                    LOG.log(Level.WARNING, line("a permit ran out before its request left; taking another", question));
                }
            }
            return new Deferred(Reason.DEFENDER_UNAVAILABLE, OUTAGE, null);
        } catch (IdentityUnavailableException e) {
            LOG.log(Level.ERROR, line("no token for Defender", question), e);
            return new Deferred(Reason.IDENTITY_UNAVAILABLE, OUTAGE, null);
        } catch (BudgetUnavailableException e) {
            LOG.log(Level.ERROR, line("the counter of permits is out of reach, so nothing is sent", question), e);
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

    private LookupResult settle(Question question, LookupResult answer) throws InterruptedException {
        if (!(answer instanceof Deferred deferred)) {
            keep(question, answer);
        } else if (deferred.reason() == Reason.DEFENDER_THROTTLED) {
            pause(question, deferred.retryAfter());
        }
        return answer;
    }

    private void pause(Question question, Duration retryAfter) throws InterruptedException {
        try {
            limiter.pause(retryAfter);
        } catch (BudgetUnavailableException e) {
            String what = "other instances cannot be told of Defender's pause: the counter is out of reach";
            LOG.log(Level.WARNING, line(what, question), e);
        }
    }

    /** How often an answer was kept when one was asked for. */
    public KeptAnswers keptAnswers() {
        return new KeptAnswers(hits.sum(), misses.sum());
    }

    /** The kept answer that counts for a question, at no cost. Empty also if the store is out of reach. */
    public Optional<LookupResult> kept(Question question) {
        Duration life = question.fresh() ? Duration.ZERO : keeping.longest();
        try {
            Optional<LookupResult> kept = store.find(
                            question.alertId(), question.askedAt().minus(life))
                    .filter(answer -> !isTooOld(answer, question));
            kept.ifPresent(answer -> hits.increment());
            return kept;
        } catch (LookupStoreException e) {
            // Told by the breaker around the store, once for all who meet it.
            return Optional.empty();
        }
    }

    private boolean isTooOld(LookupResult answer, Question question) {
        return answer.match(
                found -> isTooOld(found.origin(), keeping.found(), question),
                notFound -> isTooOld(notFound.origin(), keeping.notFound(), question),
                rejected -> isTooOld(rejected.origin(), keeping.notFound(), question),
                deferred -> false);
    }

    /** What Defender itself answers now is never too old, though its clock reading may be from before this question. */
    private static boolean isTooOld(Origin origin, Duration life, Question question) {
        Duration allowed = question.fresh() ? Duration.ZERO : life;
        return origin.source() == Source.KEPT
                && !origin.observedAt().plus(allowed).isAfter(question.askedAt());
    }

    private void keep(Question question, LookupResult answer) {
        try {
            store.keep(question.alertId(), answer);
        } catch (LookupStoreException e) {
            // The next question for it costs a permit; told by the breaker around the store.
        }
    }

    /** Found by the id that the caller knows. */
    private static String line(String what, Question question) {
        return what + ", correlationId=" + question.correlation().id();
    }
}
