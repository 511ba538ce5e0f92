package dev.alertuser.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.AlertUser;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.LookupRequest;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.LatePermitException;
import dev.alertuser.service.budget.Permit;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.budget.RateLimiter.Cause;
import dev.alertuser.service.budget.RateLimiter.Decision;
import dev.alertuser.service.port.AnswerCache;
import dev.alertuser.service.port.DefenderApi;
import dev.alertuser.service.port.DefenderApi.Session;
import dev.alertuser.service.port.IdentityUnavailableException;
import dev.alertuser.service.port.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.InOrder;

class AlertUserServiceTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final AlertId ALERT = new AlertId("da637472900382838869_1364969609");
    private static final Permit PERMIT = () -> true;
    private static final AlertUser USER =
            new AlertUser("{\"id\":\"contoso\\\\user1\"}", "contoso\\user1", null, null, null);
    private static final Found FOUND = new Found(USER, new Origin(Source.DEFENDER, NOON, null));
    private static final NotFound NOT_FOUND = new NotFound(new Origin(Source.DEFENDER, NOON, "c1"));

    private final DefenderApi defender = mock(DefenderApi.class);
    private final Session session = mock(Session.class);
    private final RateLimiter limiter = mock(RateLimiter.class);
    private final AnswerCache store = mock(AnswerCache.class);
    private final AlertUserService service = new AlertUserService(
            defender, limiter, store, new AnswerTtl(Duration.ofMinutes(15), Duration.ofMinutes(2)), () -> 0);

    @BeforeEach
    void allIsWell() throws Exception {
        when(store.find(any(), any())).thenReturn(Optional.empty());
        when(defender.authorize(any())).thenReturn(session);
        when(limiter.acquire(any(), any(), any())).thenReturn(new Decision.Granted(PERMIT));
        when(session.findUser(any(), any(), any())).thenReturn(FOUND);
    }

    @Test
    void getsTheTokenBeforeThePermitAndThePermitBeforeTheCall() throws Exception {
        LookupRequest request = request(Duration.ofSeconds(20));

        assertThat(find(request)).isEqualTo(FOUND);

        InOrder order = inOrder(defender, limiter, session, store);
        order.verify(defender).authorize(any());
        order.verify(limiter).acquire(any(), eq(Priority.INTERACTIVE), eq(Duration.ofSeconds(20)));
        order.verify(session).findUser(ALERT, PERMIT, request.correlation());
        order.verify(store).put(ALERT, FOUND);
    }

    @Test
    void spendsNoPermitWithoutAToken() throws Exception {
        when(defender.authorize(any())).thenThrow(new IdentityUnavailableException("no identity", null));

        assertDeferred(find(request(Duration.ZERO)), Reason.IDENTITY_UNAVAILABLE, Duration.ofSeconds(30));
        verifyNoInteractions(limiter);
    }

    @Test
    void makesNoCallWithoutAPermit() throws Exception {
        when(limiter.acquire(any(), any(), any()))
                .thenReturn(new Decision.Denied(Duration.ofSeconds(1234), Cause.QUOTA));

        assertDeferred(find(request(Duration.ZERO)), Reason.BUDGET_EXHAUSTED, Duration.ofSeconds(1234));
        verifyNoInteractions(session);
    }

    @ParameterizedTest
    @CsvSource({"THROTTLED, DEFENDER_THROTTLED", "RECOVERING, BUDGET_RECOVERING"})
    void defersWithTheCauseOfAPause(Cause cause, Reason reason) throws Exception {
        when(limiter.acquire(any(), any(), any())).thenReturn(new Decision.Denied(Duration.ofSeconds(30), cause));

        assertDeferred(find(request(Duration.ZERO)), reason, Duration.ofSeconds(30));
    }

    @Test
    void makesNoCallWhileTheBudgetIsOutOfReach() throws Exception {
        when(limiter.acquire(any(), any(), any())).thenThrow(new BudgetUnavailableException("table down", null));

        assertDeferred(find(request(Duration.ZERO)), Reason.BUDGET_UNAVAILABLE, Duration.ofSeconds(30));
        verifyNoInteractions(session);
    }

    @Test
    void acquiresAnotherPermitAfterALateOne() throws Exception {
        when(session.findUser(any(), any(), any()))
                .thenThrow(new LatePermitException())
                .thenReturn(FOUND);

        assertThat(find(request(Duration.ZERO))).isEqualTo(FOUND);
        verify(limiter, times(2)).acquire(any(), any(), any());
    }

    @Test
    void givesUpAfterThreeLatePermits() throws Exception {
        when(session.findUser(any(), any(), any())).thenThrow(new LatePermitException());

        assertDeferred(find(request(Duration.ZERO)), Reason.DEFENDER_UNAVAILABLE, Duration.ofSeconds(30));
        verify(limiter, times(3)).acquire(any(), any(), any());
    }

    @Test
    void pausesAllInstancesWhenDefenderThrottles() throws Exception {
        Deferred throttled = new Deferred(Reason.DEFENDER_THROTTLED, Duration.ofSeconds(17), null);
        when(session.findUser(any(), any(), any())).thenReturn(throttled);

        assertThat(find(request(Duration.ZERO))).isEqualTo(throttled);
        verify(limiter).pause(Duration.ofSeconds(17));
        verify(store, never()).put(any(), any());
    }

    @Test
    void answersThrottledEvenIfThePauseCannotBeStored() throws Exception {
        Deferred throttled = new Deferred(Reason.DEFENDER_THROTTLED, Duration.ofSeconds(17), null);
        when(session.findUser(any(), any(), any())).thenReturn(throttled);
        doThrow(new BudgetUnavailableException("table down", null))
                .when(limiter)
                .pause(any());

        assertThat(find(request(Duration.ZERO))).isEqualTo(throttled);
    }

    /** One line for each obstacle, under the id that the caller knows. */
    @Nested
    class LogLines {

        @Test
        void sayThatThereIsNoToken() throws Exception {
            when(defender.authorize(any())).thenThrow(new IdentityUnavailableException("no identity", null));

            assertThat(linesOfOneRequest()).containsExactly("SEVERE no token for Defender, correlationId=c");
        }

        @Test
        void sayThatTheCounterIsOutOfReach() throws Exception {
            when(limiter.acquire(any(), any(), any())).thenThrow(new BudgetUnavailableException("table down", null));

            assertThat(linesOfOneRequest())
                    .containsExactly(
                            "SEVERE the counter of permits is out of reach, so nothing is sent, correlationId=c");
        }

        @Test
        void sayThatAPermitIsLost() throws Exception {
            when(session.findUser(any(), any(), any()))
                    .thenThrow(new LatePermitException())
                    .thenReturn(FOUND);

            assertThat(linesOfOneRequest())
                    .containsExactly(
                            "WARNING a permit expired before its request was sent; taking another, correlationId=c");
        }

        @Test
        void sayThatAPauseReachesNoOtherInstance() throws Exception {
            when(session.findUser(any(), any(), any()))
                    .thenReturn(new Deferred(Reason.DEFENDER_THROTTLED, Duration.ofSeconds(17), null));
            doThrow(new BudgetUnavailableException("table down", null))
                    .when(limiter)
                    .pause(any());

            assertThat(linesOfOneRequest())
                    .containsExactly("WARNING Defender's pause does not reach other instances: the counter is out of"
                            + " reach, correlationId=c");
        }

        @Test
        void areNotWrittenWithoutAnObstacle() throws Exception {
            assertThat(linesOfOneRequest()).isEmpty();
        }

        private List<String> linesOfOneRequest() throws InterruptedException {
            List<String> lines = new CopyOnWriteArrayList<>();
            Logger log = Logger.getLogger(AlertUserService.class.getName());
            log.setFilter(line -> !lines.add(line.getLevel() + " " + line.getMessage()));
            try {
                find(request(Duration.ZERO));
            } finally {
                log.setFilter(null);
            }
            return lines;
        }
    }

    @Nested
    class CachedAnswers {

        @Test
        void costNoPermit() throws Exception {
            Found cached = new Found(USER, new Origin(Source.CACHED, NOON.minusSeconds(899), null));
            when(store.find(ALERT, NOON.minus(Duration.ofMinutes(15)))).thenReturn(Optional.of(cached));

            assertThat(find(request(Duration.ZERO))).isEqualTo(cached);
            verifyNoInteractions(defender, limiter);
        }

        @Test
        void expireAfterTheirTimeToLive() throws Exception {
            when(store.find(any(), any()))
                    .thenReturn(Optional.of(new Found(USER, new Origin(Source.CACHED, NOON.minusSeconds(900), null))));

            assertThat(find(request(Duration.ZERO))).isEqualTo(FOUND);
        }

        @Test
        void expireSoonerWithoutAUser() throws Exception {
            when(store.find(any(), any()))
                    .thenReturn(Optional.of(new NotFound(new Origin(Source.CACHED, NOON.minusSeconds(120), null))));

            assertThat(find(request(Duration.ZERO))).isEqualTo(FOUND);
        }

        @Test
        void doNotServeARequestForAFreshAnswer() throws Exception {
            when(store.find(any(), any())).thenReturn(Optional.of(cachedAt(NOON)));

            assertThat(find(requestAt(NOON, true))).isEqualTo(FOUND);
            verify(store).put(ALERT, FOUND);
        }

        @Test
        void serveAnOlderRequestAtAnyAge() throws Exception {
            Instant askedAt = NOON.minus(Duration.ofHours(20));
            Found cached = cachedAt(askedAt.plusSeconds(1));
            when(store.find(ALERT, askedAt.minus(Duration.ofMinutes(15)))).thenReturn(Optional.of(cached));

            assertThat(find(requestAt(askedAt, false))).isEqualTo(cached);
            verifyNoInteractions(defender, limiter);
        }

        @Test
        void serveAPollIfTheyWereWithinTheirTimeToLiveAtTheFirstRequest() throws Exception {
            Instant askedAt = NOON.minus(Duration.ofHours(20));
            Found young = cachedAt(askedAt.minusSeconds(899));
            when(store.find(any(), any())).thenReturn(Optional.of(young));
            assertThat(find(requestAt(askedAt, false))).isEqualTo(young);

            when(store.find(any(), any())).thenReturn(Optional.of(cachedAt(askedAt.minusSeconds(900))));
            assertThat(find(requestAt(askedAt, false))).isEqualTo(FOUND);
        }

        @Test
        void serveARequestForAFreshAnswerIfTheyAreNewerThanIt() throws Exception {
            Instant askedAt = NOON.minus(Duration.ofHours(20));
            when(store.find(any(), any())).thenReturn(Optional.of(cachedAt(askedAt)));
            assertThat(find(requestAt(askedAt, true))).isEqualTo(FOUND);

            Found later = cachedAt(askedAt.plusMillis(1));
            when(store.find(any(), any())).thenReturn(Optional.of(later));
            assertThat(find(requestAt(askedAt, true))).isEqualTo(later);
        }

        private static Found cachedAt(Instant observedAt) {
            return new Found(USER, new Origin(Source.CACHED, observedAt, null));
        }

        private static LookupRequest requestAt(Instant time, boolean fresh) {
            return new LookupRequest(
                    ALERT, Priority.INTERACTIVE, Duration.ZERO, time, fresh, new Correlation("c", null));
        }

        @Test
        void includeAlertsWithoutAUser() throws Exception {
            when(session.findUser(any(), any(), any())).thenReturn(NOT_FOUND);

            find(request(Duration.ZERO));

            verify(store).put(ALERT, NOT_FOUND);
        }

        @Test
        void areNotNeededWhenTheStoreIsOutOfReach() throws Exception {
            when(store.find(any(), any())).thenThrow(new StoreUnavailableException("down", null));
            doThrow(new StoreUnavailableException("down", null)).when(store).put(any(), any());

            assertThat(find(request(Duration.ZERO))).isEqualTo(FOUND);
        }
    }

    @Nested
    class EqualRequests {
        private final CountDownLatch called = new CountDownLatch(1);
        private final CountDownLatch answered = new CountDownLatch(1);
        private final ExecutorService callers = Executors.newCachedThreadPool();

        @AfterEach
        void end() {
            callers.shutdownNow();
        }

        private void givenDefenderIsSlow() throws Exception {
            when(session.findUser(any(), any(), any())).thenAnswer(invocation -> {
                called.countDown();
                answered.await();
                return FOUND;
            });
        }

        @Test
        void shareOneCallEvenIfItsAnswerCannotBeCached() throws Exception {
            givenDefenderIsSlow();
            List<Future<LookupResult>> results = new ArrayList<>();
            results.add(callers.submit(() -> find(request(Duration.ofSeconds(20)))));
            called.await();
            for (int i = 1; i < 50; i++) {
                results.add(follow(request(Duration.ofSeconds(20))));
            }
            answered.countDown();

            for (Future<LookupResult> result : results) {
                assertThat(result.get()).isEqualTo(FOUND);
            }
            verify(limiter, times(1)).acquire(any(), eq(Priority.INTERACTIVE), any());
            assertThat(service.cacheStats()).isEqualTo(new CacheStats(0, 1));
        }

        @Test
        void doNotShareAnAnswerThatIsTooOldForOneOfThem() throws Exception {
            Found old = new Found(USER, new Origin(Source.CACHED, NOON.minus(Duration.ofHours(19)), null));
            when(store.find(any(), any()))
                    .thenAnswer(invocation -> {
                        called.countDown();
                        answered.await();
                        return Optional.of(old);
                    })
                    .thenReturn(Optional.empty());
            Future<LookupResult> early = callers.submit(() -> find(new LookupRequest(
                    ALERT,
                    Priority.INTERACTIVE,
                    Duration.ofSeconds(20),
                    NOON.minus(Duration.ofHours(20)),
                    false,
                    new Correlation("c", null))));
            called.await();
            Future<LookupResult> late = follow(request(Duration.ofSeconds(20)));
            answered.countDown();

            assertThat(early.get()).isEqualTo(old);
            assertThat(late.get()).isEqualTo(FOUND);
        }

        @Test
        void endForEachWithItsOwnWait() throws Exception {
            givenDefenderIsSlow();
            Future<LookupResult> first = callers.submit(() -> find(request(Duration.ofSeconds(20))));
            called.await();

            assertDeferred(find(request(Duration.ZERO)), Reason.SAME_QUESTION_UNDER_WAY, Duration.ofSeconds(1));

            answered.countDown();
            assertThat(first.get()).isEqualTo(FOUND);
        }

        @Test
        void goOnForTheFollowersWhenTheLeaderIsInterrupted() throws Exception {
            Thread[] leader = new Thread[1];
            when(session.findUser(any(), any(), any()))
                    .thenAnswer(invocation -> {
                        leader[0] = Thread.currentThread();
                        called.countDown();
                        answered.await();
                        return FOUND;
                    })
                    .thenReturn(FOUND);
            Future<LookupResult> first = callers.submit(() -> find(request(Duration.ofSeconds(20))));
            called.await();
            Future<LookupResult> second = follow(request(Duration.ofSeconds(20)));

            leader[0].interrupt();

            assertThat(second.get()).isEqualTo(FOUND);
            assertThatThrownBy(first::get).hasCauseInstanceOf(InterruptedException.class);
        }

        @ParameterizedTest
        @CsvSource({"QUOTA, BUDGET_EXHAUSTED", "THROTTLED, DEFENDER_THROTTLED", "RECOVERING, BUDGET_RECOVERING"})
        void doNotShareADenialWithALongerWait(Cause cause, Reason reason) throws Exception {
            when(limiter.acquire(any(), any(), any()))
                    .thenAnswer(invocation -> {
                        called.countDown();
                        answered.await();
                        return new Decision.Denied(Duration.ofSeconds(10), cause);
                    })
                    .thenReturn(new Decision.Granted(PERMIT));
            Future<LookupResult> impatient = callers.submit(() -> find(request(Duration.ZERO)));
            called.await();
            Future<LookupResult> patient = follow(request(Duration.ofSeconds(20)));
            answered.countDown();

            assertDeferred(impatient.get(), reason, Duration.ofSeconds(10));
            assertThat(patient.get()).isEqualTo(FOUND);
        }

        @ParameterizedTest
        @CsvSource({"PT9.999999999S, BUDGET_EXHAUSTED", "PT10S,"})
        void shareADenialUnlessTheWaitReachesThePermit(Duration wait, Reason denied) throws Exception {
            when(limiter.acquire(any(), any(), any()))
                    .thenAnswer(invocation -> {
                        called.countDown();
                        answered.await();
                        return new Decision.Denied(Duration.ofSeconds(10), Cause.QUOTA);
                    })
                    .thenReturn(new Decision.Granted(PERMIT));
            Future<LookupResult> leader = callers.submit(() -> find(request(Duration.ZERO)));
            called.await();
            Future<LookupResult> follower = follow(request(wait));
            answered.countDown();

            assertDeferred(leader.get(), Reason.BUDGET_EXHAUSTED, Duration.ofSeconds(10));
            assertThat(follower.get())
                    .isEqualTo(denied == null ? FOUND : new Deferred(denied, Duration.ofSeconds(10), null));
        }

        /** Starts a request and returns once it waits for the leader's answer. */
        private Future<LookupResult> follow(LookupRequest request) throws InterruptedException {
            FutureTask<LookupResult> result = new FutureTask<>(() -> find(request));
            Thread caller = new Thread(result);
            caller.setDaemon(true);
            caller.start();
            while (caller.getState() != Thread.State.TIMED_WAITING) {
                assertThat(caller.isAlive()).as("waits for the leader").isTrue();
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                Thread.onSpinWait();
            }
            return result;
        }

        @Test
        void ofDifferentPriorityDoNotWaitForEachOther() throws Exception {
            when(session.findUser(any(), any(), any()))
                    .thenAnswer(invocation -> {
                        called.countDown();
                        answered.await();
                        return FOUND;
                    })
                    .thenReturn(FOUND);
            Future<LookupResult> backlog = callers.submit(() -> find(new LookupRequest(
                    ALERT, Priority.BACKLOG, Duration.ZERO, NOON, false, new Correlation("c", null))));
            called.await();

            assertThat(find(request(Duration.ZERO))).isEqualTo(FOUND);

            answered.countDown();
            assertThat(backlog.get()).isEqualTo(FOUND);
        }
    }

    private LookupResult find(LookupRequest request) throws InterruptedException {
        return service.find(request).result();
    }

    private static LookupRequest request(Duration maxWait) {
        return new LookupRequest(ALERT, Priority.INTERACTIVE, maxWait, NOON, false, new Correlation("c", null));
    }

    private static void assertDeferred(LookupResult result, Reason reason, Duration retryAfter) {
        assertThat(result).isEqualTo(new Deferred(reason, retryAfter, null));
    }
}
