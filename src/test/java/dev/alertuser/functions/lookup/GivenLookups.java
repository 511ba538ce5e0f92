package dev.alertuser.functions.lookup;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.microsoft.azure.functions.ExecutionContext;
import dev.alertuser.Application.EdgeParts;
import dev.alertuser.Application.LookupParts;
import dev.alertuser.config.Waits;
import dev.alertuser.functions.http.GivenContext;
import dev.alertuser.functions.http.HttpEdge;
import dev.alertuser.service.AlertUserService;
import dev.alertuser.service.AlertUsersService;
import dev.alertuser.service.AnonymousTraffic;
import dev.alertuser.service.AnswerTtl;
import dev.alertuser.service.Parallel;
import dev.alertuser.service.alert.AlertUser;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.budget.RateLimiter.Cause;
import dev.alertuser.service.budget.RateLimiter.Decision;
import dev.alertuser.service.port.DefenderApi;
import dev.alertuser.service.port.InMemoryAnswerCache;
import dev.alertuser.service.port.InMemoryPendingLookupStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** What lookups over HTTP work with: stores in memory, a clock that a test sets, permits and a user for every alert. */
final class GivenLookups {
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    static final String USER = "{\"id\":\"contoso\\\\user1\"}";
    static final LookupResult FOUND = new Found(
            new AlertUser(USER, "contoso\\user1", null, null, null), new Origin(Source.DEFENDER, NOON, null, 200));

    final InMemoryAnswerCache cache = new InMemoryAnswerCache();
    final InMemoryPendingLookupStore pending = new InMemoryPendingLookupStore();
    final AnonymousTraffic anonymous = new AnonymousTraffic(() -> 0, Duration.ZERO);
    final AtomicInteger permits = new AtomicInteger();
    final List<String> lines = new ArrayList<>();
    Instant now = NOON;

    final LookupParts parts;

    final DefenderApi defender = mock(DefenderApi.class);
    final DefenderApi.Session session = mock(DefenderApi.Session.class);
    private final RateLimiter limiter = mock(RateLimiter.class);

    GivenLookups() throws InterruptedException {
        when(defender.authorize(any())).thenReturn(session);
        when(limiter.takeStats()).thenReturn(Optional.empty());
        when(limiter.acquire(any(), any(), any())).thenAnswer(call -> {
            permits.incrementAndGet();
            return new Decision.Granted(() -> true);
        });
        defenderAnswers(FOUND);
        AnswerTtl ttl = new AnswerTtl(Duration.ofMinutes(15), Duration.ofMinutes(2));
        AlertUserService single = new AlertUserService(defender, limiter, cache, ttl, () -> 0);
        Parallel parallel = new Parallel(Executors.newCachedThreadPool(GivenLookups::daemon));
        parts = new LookupParts(
                single,
                new AlertUsersService(single, parallel, () -> 0),
                pending,
                anonymous,
                new Waits(Duration.ofSeconds(90), Duration.ofSeconds(20)),
                ttl,
                null,
                "/api/lookups/",
                () -> now);
    }

    Lookups lookups() {
        return new Lookups(new Askers(() -> parts, Optional::empty));
    }

    /** For calls that are answered before the app is looked at. */
    static Lookups withoutApp() {
        return failing(new IllegalStateException("the app is not needed"));
    }

    /** Of an app that cannot be built. */
    static Lookups failing(RuntimeException failure) {
        return new Lookups(new Askers(
                () -> {
                    throw failure;
                },
                () -> {
                    throw failure;
                }));
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    void defenderAnswers(LookupResult result) throws InterruptedException {
        doReturn(result).when(session).findUser(any(), any(), any());
    }

    void quotaIsSpentFor(Duration retryAfter) throws InterruptedException {
        doReturn(new Decision.Denied(retryAfter, Cause.QUOTA)).when(limiter).acquire(any(), any(), any());
    }

    void permitsComeInLine(GivenLine line) throws InterruptedException {
        doAnswer(call -> {
                    Decision decision = line.acquire(call.getArgument(0), now);
                    permits.addAndGet(decision.charged());
                    return decision;
                })
                .when(limiter)
                .acquire(any(), any(), any());
    }

    HttpEdge edge() {
        return new HttpEdge(() -> Optional.of(new EdgeParts(limiter, null, anonymous)));
    }

    ExecutionContext context(String function) {
        return GivenContext.of(function, lines);
    }
}
