package dev.alertuser.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.atMost;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.AlertUser;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.LeftOut;
import dev.alertuser.service.alert.LookupOutcome;
import dev.alertuser.service.alert.LookupRequest;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.service.alert.PendingLookup;
import dev.alertuser.service.alert.PendingLookup.Kind;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.QuestionKey;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.budget.RateLimiter.Cause;
import dev.alertuser.service.budget.RateLimiter.Decision;
import dev.alertuser.service.port.AnswerCache;
import dev.alertuser.service.port.DefenderApi;
import dev.alertuser.service.port.DefenderApi.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockito.ArgumentCaptor;

class AlertUsersServiceTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final List<AlertId> HUNDRED =
            IntStream.range(0, 100).mapToObj(i -> new AlertId("da" + i)).toList();
    private static final int WIDTH = 16;
    private static final int PLACES = 25;

    private final DefenderApi defender = mock(DefenderApi.class);
    private final Session session = mock(Session.class);
    private final RateLimiter limiter = mock(RateLimiter.class);
    private final AnswerCache store = mock(AnswerCache.class);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile Duration passed = Duration.ZERO;
    private final AlertUserService single = new AlertUserService(
            defender, limiter, store, new AnswerTtl(Duration.ofMinutes(15), Duration.ofMinutes(2)), this::nanoTime);
    private final AlertUsersService users = new AlertUsersService(single, new Parallel(threads), this::nanoTime);

    @BeforeEach
    void allIsWell() throws Exception {
        when(store.find(any(), any())).thenReturn(Optional.empty());
        when(defender.authorize(any())).thenReturn(session);
        when(limiter.acquire(any(), any(), any())).thenReturn(new Decision.Granted(() -> true));
        when(session.findUser(any(), any(), any())).thenAnswer(call -> found(call.getArgument(0), Source.DEFENDER));
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void answersInTheOrderOfTheLookup() throws Exception {
        Map<AlertId, LookupResult> results = find(HUNDRED);

        assertThat(results.keySet()).containsExactlyElementsOf(HUNDRED);
        results.forEach((id, result) -> assertThat(result).isEqualTo(found(id, Source.DEFENDER)));
    }

    @Test
    void returnsCachedAnswersEvenWithoutAPermit() throws Exception {
        when(limiter.acquire(any(), any(), any())).thenReturn(new Decision.Denied(Duration.ofSeconds(40), Cause.QUOTA));
        AlertId last = HUNDRED.get(99);
        when(store.find(eq(last), any())).thenReturn(Optional.of(found(last, Source.CACHED)));

        Map<AlertId, LookupResult> results = find(HUNDRED);

        assertThat(results.remove(last)).isEqualTo(found(last, Source.CACHED));
        assertThat(results.values()).containsOnly(new Deferred(Reason.BUDGET_EXHAUSTED, Duration.ofSeconds(40), null));
        verify(limiter, times(PLACES)).acquire(any(), any(), any());
    }

    @Test
    void takesTwentyFivePlacesInLineInTheOrderOfItsAlertsAndTellsTheOthersTheFirst() throws Exception {
        Map<QuestionKey, Duration> places = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            places.put(HUNDRED.get(i).question(), Duration.ofSeconds(60 + i));
        }
        when(limiter.acquire(any(), any(), any())).thenAnswer(call -> denied(places.get(call.getArgument(0))));

        List<Duration> retryAfters = find(HUNDRED).values().stream()
                .map(result -> ((Deferred) result).retryAfter())
                .toList();

        assertThat(retryAfters.subList(0, PLACES))
                .isEqualTo(IntStream.range(60, 60 + PLACES)
                        .mapToObj(Duration::ofSeconds)
                        .toList());
        assertThat(retryAfters.subList(PLACES, 100)).containsOnly(Duration.ofSeconds(60));
        verify(limiter, times(PLACES)).acquire(any(), any(), any());
    }

    @Test
    void takesTheNextPlaceForEachAlertThatIsSettled() throws Exception {
        Set<QuestionKey> due =
                HUNDRED.subList(0, 40).stream().map(AlertId::question).collect(Collectors.toSet());
        when(limiter.acquire(any(), any(), any()))
                .thenAnswer(call -> due.contains(call.<QuestionKey>getArgument(0))
                        ? new Decision.Granted(() -> true)
                        : denied(Duration.ofSeconds(40)));

        Map<AlertId, LookupResult> results = find(HUNDRED);

        assertThat(results.values().stream().limit(40)).allMatch(Found.class::isInstance);
        assertThat(results.values().stream().skip(40)).allMatch(Deferred.class::isInstance);
        ArgumentCaptor<QuestionKey> asked = ArgumentCaptor.captor();
        verify(limiter, times(40 + PLACES)).acquire(asked.capture(), any(), any());
        assertThat(asked.getAllValues())
                .containsExactlyInAnyOrderElementsOf(HUNDRED.subList(0, 40 + PLACES).stream()
                        .map(AlertId::question)
                        .toList());
    }

    /** The first two wait for permits while 23 others are denied: the 26th alert is asked only when one of the two has its answer. */
    @Test
    void countsAnAlertThatWaitsForItsPermitAsAPlace() throws Exception {
        CountDownLatch denials = new CountDownLatch(PLACES - 2);
        AtomicInteger held = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Set<QuestionKey> waiting =
                HUNDRED.subList(0, 2).stream().map(AlertId::question).collect(Collectors.toSet());
        when(limiter.acquire(any(), any(), any())).thenAnswer(call -> {
            most.accumulateAndGet(held.incrementAndGet(), Math::max);
            if (!waiting.contains(call.<QuestionKey>getArgument(0))) {
                denials.countDown();
                return denied(Duration.ofSeconds(40));
            }
            denials.await();
            held.decrementAndGet();
            return new Decision.Granted(() -> true);
        });

        Map<AlertId, LookupResult> results = find(HUNDRED);

        assertThat(results.values().stream().filter(Found.class::isInstance)).hasSize(2);
        verify(limiter, times(2 + PLACES)).acquire(any(), any(), any());
        assertThat(most).hasValueLessThanOrEqualTo(PLACES);
    }

    @Test
    void goesOnInLineAfterFailuresOfDefender() throws Exception {
        Deferred failure = new Deferred(Reason.DEFENDER_UNAVAILABLE, Duration.ofSeconds(30), null, 503);
        doReturn(failure).when(session).findUser(eq(HUNDRED.get(0)), any(), any());
        when(limiter.acquire(any(), any(), any())).thenReturn(denied(Duration.ofSeconds(40)));
        doReturn(new Decision.Granted(() -> true))
                .when(limiter)
                .acquire(eq(HUNDRED.get(0).question()), any(), any());

        assertThat(find(HUNDRED).get(HUNDRED.get(0))).isEqualTo(failure);

        verify(limiter, times(1 + PLACES)).acquire(any(), any(), any());
    }

    @ParameterizedTest
    @EnumSource(names = {"THROTTLED", "RECOVERING"})
    void endsTheBatchWhenNobodyGetsAPermit(Cause cause) throws Exception {
        when(limiter.acquire(any(), any(), any())).thenReturn(new Decision.Denied(Duration.ofSeconds(40), cause));

        assertThat(find(HUNDRED).values())
                .extracting(result -> ((Deferred) result).reason())
                .containsOnly(cause == Cause.THROTTLED ? Reason.DEFENDER_THROTTLED : Reason.BUDGET_RECOVERING);
        verify(limiter, atMost(WIDTH)).acquire(any(), any(), any());
    }

    /** While it holds places, coming back sooner than the first of them is of no use. */
    @Test
    void tellsTheFirstPlaceToAlertsForWhichItHasNoTime() throws Exception {
        CountDownLatch denials = new CountDownLatch(PLACES - 1);
        when(limiter.acquire(any(), any(), any())).thenAnswer(call -> {
            if (!call.getArgument(0).equals(HUNDRED.get(0).question())) {
                denials.countDown();
                return denied(Duration.ofSeconds(40));
            }
            denials.await();
            return new Decision.Granted(() -> true);
        });
        doAnswer(call -> {
                    passed = Duration.ofSeconds(11);
                    return found(HUNDRED.get(0), Source.DEFENDER);
                })
                .when(session)
                .findUser(eq(HUNDRED.get(0)), any(), any());

        Map<AlertId, LookupResult> results = find(HUNDRED);

        verify(limiter, times(PLACES)).acquire(any(), any(), any());
        assertThat(results.get(HUNDRED.get(0))).isInstanceOf(Found.class);
        assertThat(results.get(HUNDRED.get(99)))
                .isEqualTo(new Deferred(Reason.BUDGET_EXHAUSTED, Duration.ofSeconds(29), null));
    }

    @Test
    void anInterruptEndsThoseThatWaitForAPlace() throws Exception {
        CountDownLatch asked = new CountDownLatch(PLACES);
        CountDownLatch interrupted = new CountDownLatch(2);
        Set<QuestionKey> waiting =
                HUNDRED.subList(0, 2).stream().map(AlertId::question).collect(Collectors.toSet());
        when(limiter.acquire(any(), any(), any())).thenAnswer(call -> {
            asked.countDown();
            if (waiting.contains(call.<QuestionKey>getArgument(0))) {
                try {
                    new CountDownLatch(1).await();
                } finally {
                    interrupted.countDown();
                }
            }
            return denied(Duration.ofSeconds(40));
        });
        Future<Map<AlertId, LookupResult>> batch = threads.submit(() -> find(HUNDRED));
        assertThat(asked.await(1, TimeUnit.MINUTES)).isTrue();

        batch.cancel(true);

        assertThat(interrupted.await(1, TimeUnit.MINUTES)).isTrue();
        threads.shutdown();
        assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void endsTheBatchWhenDefenderRefuses() throws Exception {
        doReturn(new Deferred(Reason.DEFENDER_ACCESS_DENIED, Duration.ofMinutes(5), "c-1"))
                .when(session)
                .findUser(any(), any(), any());

        assertThat(find(HUNDRED).values())
                .allMatch(result -> ((Deferred) result).reason() == Reason.DEFENDER_ACCESS_DENIED);
        verify(session, atMost(WIDTH)).findUser(any(), any(), any());
    }

    @ParameterizedTest
    @EnumSource(names = {"DEFENDER_UNAVAILABLE", "DEFENDER_TIMEOUT", "DEFENDER_BAD_ANSWER"})
    void goesOnAfterSingleFailures(Reason reason) throws Exception {
        Deferred failure = new Deferred(reason, Duration.ofSeconds(30), null);
        for (int i = 0; i < 100; i += 20) {
            doReturn(failure).when(session).findUser(eq(HUNDRED.get(i)), any(), any());
        }

        Map<AlertId, LookupResult> results = find(HUNDRED);

        assertThat(results.values().stream().filter(failure::equals)).hasSize(5);
        verify(session, times(100)).findUser(any(), any(), any());
    }

    @ParameterizedTest
    @EnumSource(names = {"DEFENDER_UNAVAILABLE", "DEFENDER_TIMEOUT", "DEFENDER_BAD_ANSWER"})
    void spendsFewPermitsOnAnOutage(Reason reason) throws Exception {
        doReturn(new Deferred(reason, Duration.ofSeconds(30), null))
                .when(session)
                .findUser(any(), any(), any());

        find(HUNDRED);

        verify(session, atMost(5 + WIDTH)).findUser(any(), any(), any());
    }

    /** With one thread, so that the order of the calls is that of the alerts. */
    @Test
    void takesFiveFailuresInARowForAnOutageButNotFour() throws Exception {
        ExecutorService oneThread = Executors.newSingleThreadExecutor();
        AlertUsersService oneByOne = new AlertUsersService(single, new Parallel(oneThread), this::nanoTime);
        Deferred failure = new Deferred(Reason.DEFENDER_UNAVAILABLE, Duration.ofSeconds(30), "c-1", 503);
        doReturn(failure).when(session).findUser(any(), any(), any());
        doReturn(found(HUNDRED.get(4), Source.DEFENDER)).when(session).findUser(eq(HUNDRED.get(4)), any(), any());

        Map<AlertId, LookupOutcome> outcomes = oneByOne.find(batch(HUNDRED), Duration.ofSeconds(5));

        oneThread.shutdownNow();
        verify(session, times(10)).findUser(any(), any(), any());
        assertThat(outcomes.get(HUNDRED.get(9)))
                .extracting(LookupOutcome::result, LookupOutcome::permits)
                .containsExactly(failure, 1);
        assertThat(outcomes.get(HUNDRED.get(10)))
                .as("costs nothing, and has no call whose id could be quoted")
                .isEqualTo(LookupOutcome.free(new Deferred(Reason.DEFENDER_UNAVAILABLE, Duration.ofSeconds(30), null)));
    }

    @Test
    void goesOnForAsLongAsItsCallerWaits() throws Exception {
        doAnswer(call -> {
                    passed = Duration.ofSeconds(30);
                    return found(call.getArgument(0), Source.DEFENDER);
                })
                .when(session)
                .findUser(any(), any(), any());

        assertThat(find(HUNDRED, Duration.ofSeconds(30)).values()).allMatch(Found.class::isInstance);
    }

    @Test
    void startsNoLookupAfterItsTimeIsUp() throws Exception {
        doAnswer(call -> {
                    passed = Duration.ofSeconds(11);
                    return found(call.getArgument(0), Source.DEFENDER);
                })
                .when(session)
                .findUser(any(), any(), any());

        Map<AlertId, LookupResult> results = find(HUNDRED);

        assertThat(results.values()).contains(new Deferred(Reason.DEFENDER_TIMEOUT, Duration.ofSeconds(1), null));
        verify(session, atMost(WIDTH)).findUser(any(), any(), any());
    }

    @Test
    void goesOnWhileAnEqualRequestIsUnderWay() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        doAnswer(call -> {
                    called.countDown();
                    answered.await();
                    return found(HUNDRED.get(0), Source.DEFENDER);
                })
                .when(session)
                .findUser(eq(HUNDRED.get(0)), any(), any());
        Future<LookupOutcome> other = threads.submit(() -> single.find(new LookupRequest(
                HUNDRED.get(0), Priority.INTERACTIVE, Duration.ZERO, NOON, false, new Correlation("c", null))));
        called.await();

        Map<AlertId, LookupResult> results = find(HUNDRED, Duration.ZERO);

        answered.countDown();
        assertThat(results.remove(HUNDRED.get(0)))
                .isEqualTo(new Deferred(Reason.SAME_QUESTION_UNDER_WAY, Duration.ofSeconds(1), null));
        assertThat(results.values()).allMatch(Found.class::isInstance);
        assertThat(other.get().result()).isInstanceOf(Found.class);
    }

    @Test
    void readingTheCacheCountsAsTimeOfTheBatch() throws Exception {
        when(store.find(any(), any())).thenAnswer(call -> {
            passed = Duration.ofSeconds(11);
            return Optional.empty();
        });

        assertThat(find(HUNDRED).values())
                .containsOnly(new Deferred(Reason.DEFENDER_TIMEOUT, Duration.ofSeconds(1), null));
        verify(session, never()).findUser(any(), any(), any());
    }

    private long nanoTime() {
        return passed.toNanos();
    }

    private Map<AlertId, LookupResult> find(List<AlertId> ids) throws InterruptedException {
        return find(ids, Duration.ofSeconds(5));
    }

    private Map<AlertId, LookupResult> find(List<AlertId> ids, Duration maxWait) throws InterruptedException {
        Map<AlertId, LookupResult> results = new LinkedHashMap<>();
        users.find(batch(ids), maxWait).forEach((id, outcome) -> results.put(id, outcome.result()));
        return results;
    }

    private static PendingLookup batch(List<AlertId> ids) {
        return new PendingLookup(Kind.BATCH, ids, LeftOut.NOTHING, false, NOON, new Correlation("c", null));
    }

    private static Decision denied(Duration retryAfter) {
        return new Decision.Denied(retryAfter, Cause.QUOTA);
    }

    private static Found found(AlertId id, Source source) {
        return new Found(
                new AlertUser("{\"id\":\"" + id + "\"}", id.value(), null, null, null), new Origin(source, NOON, null));
    }
}
