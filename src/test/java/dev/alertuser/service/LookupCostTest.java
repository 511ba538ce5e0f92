package dev.alertuser.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.AlertUser;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.LookupOutcome;
import dev.alertuser.service.alert.LookupRequest;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.alert.LookupResult.Rejected;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.service.budget.LatePermitException;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.budget.RateLimiter.Cause;
import dev.alertuser.service.budget.RateLimiter.Decision.Denied;
import dev.alertuser.service.budget.RateLimiter.Decision.Granted;
import dev.alertuser.service.port.DefenderApi;
import dev.alertuser.service.port.InMemoryAnswerCache;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a lookup costs: permits, waiting, Defender's time; and what the cache saves of it. */
class LookupCostTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final AlertId ALERT = new AlertId("da1");
    private static final Origin DEFENDER = new Origin(Source.DEFENDER, NOON, null, 200);
    private static final LookupResult FOUND =
            new Found(new AlertUser("{\"id\":\"x\"}", "x", null, null, null), DEFENDER);

    private final DefenderApi defender = mock(DefenderApi.class);
    private final DefenderApi.Session session = mock(DefenderApi.Session.class);
    private final RateLimiter limiter = mock(RateLimiter.class);
    private final InMemoryAnswerCache cache = new InMemoryAnswerCache();
    private long nanoTime = 1_000_000_000L;
    private final AlertUserService service = new AlertUserService(
            defender, limiter, cache, new AnswerTtl(Duration.ofMinutes(15), Duration.ofMinutes(2)), () -> nanoTime);

    @BeforeEach
    void allIsWell() throws Exception {
        when(defender.authorize(any())).thenReturn(session);
        when(limiter.acquire(any(), any(), any())).thenReturn(new Granted(() -> true));
        when(session.findUser(any(), any(), any())).thenReturn(FOUND);
    }

    @Test
    void tellsPermitsWaitAndDefendersTimeApart() throws Exception {
        when(limiter.acquire(any(), any(), any())).thenAnswer(call -> {
            pass(Duration.ofSeconds(3));
            return new Granted(() -> true, 2);
        });
        when(session.findUser(any(), any(), any())).thenAnswer(call -> {
            pass(Duration.ofMillis(45));
            return FOUND;
        });

        assertThat(service.find(askedAt(NOON)))
                .isEqualTo(new LookupOutcome(FOUND, 2, Duration.ofSeconds(3), Duration.ofMillis(45)));
    }

    @Test
    void addsUpThePermitsOfAttemptsThatCameTooLate() throws Exception {
        when(session.findUser(any(), any(), any()))
                .thenThrow(new LatePermitException())
                .thenReturn(FOUND);

        assertThat(service.find(askedAt(NOON)).permits()).isEqualTo(2);
    }

    @Test
    void waitingInVainIsWaitedTime() throws Exception {
        when(limiter.acquire(any(), any(), any())).thenAnswer(call -> {
            pass(Duration.ofSeconds(20));
            return new Denied(Duration.ofSeconds(40), Cause.QUOTA);
        });

        assertThat(service.find(askedAt(NOON)))
                .isEqualTo(new LookupOutcome(
                        new Deferred(Reason.BUDGET_EXHAUSTED, Duration.ofSeconds(40), null),
                        0,
                        Duration.ofSeconds(20),
                        null));
    }

    @Test
    void aPermitAtOnceIsNoWaitHoweverLongDefenderTakes() throws Exception {
        when(session.findUser(any(), any(), any())).thenAnswer(call -> {
            pass(Duration.ofSeconds(5));
            return FOUND;
        });

        assertThat(service.find(askedAt(NOON)))
                .isEqualTo(new LookupOutcome(FOUND, 1, Duration.ZERO, Duration.ofSeconds(5)));
    }

    @Test
    void countsHitsAndMissesAndAFreshRequestOnlyIfItHits() throws Exception {
        service.find(askedAt(NOON));
        for (int i = 0; i < 3; i++) {
            service.find(askedAt(NOON));
        }
        service.find(askedAt(NOON.plusSeconds(900)));
        assertThat(service.cacheStats()).isEqualTo(new CacheStats(3, 2));

        service.find(freshAt(NOON));
        assertThat(service.cacheStats()).as("the answer is not newer").isEqualTo(new CacheStats(3, 2));
        service.find(freshAt(NOON.minusMillis(1)));
        assertThat(service.cacheStats()).as("the answer is newer").isEqualTo(new CacheStats(4, 2));
    }

    static Stream<Arguments> answersWithoutAUser() {
        return Stream.of(
                Arguments.of(new NotFound(new Origin(Source.DEFENDER, NOON, null, 404))),
                Arguments.of(new Rejected(new Origin(Source.DEFENDER, NOON, null, 400))));
    }

    @ParameterizedTest
    @MethodSource("answersWithoutAUser")
    void anAnswerWithoutAUserCountsForTheShorterTimeToLive(LookupResult answer) throws Exception {
        when(session.findUser(any(), any(), any())).thenReturn(answer);
        service.find(askedAt(NOON));

        service.find(askedAt(NOON.plusSeconds(119)));
        verify(session, times(1)).findUser(any(), any(), any());
        service.find(askedAt(NOON.plusSeconds(120)));
        verify(session, times(2)).findUser(any(), any(), any());
    }

    @Test
    void anAnswerWithAUserCountsForTheLongerOne() throws Exception {
        service.find(askedAt(NOON));

        service.find(askedAt(NOON.plusSeconds(899)));
        verify(session, times(1)).findUser(any(), any(), any());
        service.find(askedAt(NOON.plusSeconds(900)));
        verify(session, times(2)).findUser(any(), any(), any());
    }

    private void pass(Duration time) {
        nanoTime += time.toNanos();
    }

    private static LookupRequest askedAt(Instant when) {
        return new LookupRequest(
                ALERT, Priority.INTERACTIVE, Duration.ofSeconds(20), when, false, new Correlation("c", null));
    }

    private static LookupRequest freshAt(Instant when) {
        return new LookupRequest(ALERT, Priority.INTERACTIVE, Duration.ZERO, when, true, new Correlation("c", null));
    }
}
