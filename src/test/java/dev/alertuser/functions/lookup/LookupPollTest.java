package dev.alertuser.functions.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpResponseMessage;
import dev.alertuser.Application.EdgeParts;
import dev.alertuser.Application.LookupParts;
import dev.alertuser.config.Waits;
import dev.alertuser.functions.http.GivenContext;
import dev.alertuser.functions.http.GivenRequest;
import dev.alertuser.functions.http.HttpEdge;
import dev.alertuser.service.AlertUserService;
import dev.alertuser.service.AlertUsersService;
import dev.alertuser.service.AnonymousTraffic;
import dev.alertuser.service.AnswerTtl;
import dev.alertuser.service.Parallel;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.AlertUser;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.LeftOut;
import dev.alertuser.service.alert.LookupId;
import dev.alertuser.service.alert.LookupProgress;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.service.alert.PendingLookup;
import dev.alertuser.service.alert.PendingLookup.Kind;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.port.AnswerCache;
import dev.alertuser.service.port.DefenderApi;
import dev.alertuser.service.port.PendingLookupStore;
import dev.alertuser.service.port.StoreUnavailableException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bounds on the cost of polls without a key. */
class LookupPollTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final AnswerTtl TTL = new AnswerTtl(Duration.ofMinutes(15), Duration.ofMinutes(2));
    private static final LookupResult FOUND = new Found(
            new AlertUser("{\"id\":\"contoso\\\\user1\"}", "contoso\\user1", null, null, null),
            new Origin(Source.DEFENDER, NOON, null, 200));

    private final CountingStore cache = new CountingStore();
    private final Rows rows = new Rows();
    private final DefenderApi defender = mock(DefenderApi.class);
    private final DefenderApi.Session session = mock(DefenderApi.Session.class);
    private final RateLimiter limiter = mock(RateLimiter.class);
    private final List<String> lines = new ArrayList<>();
    private final Parallel parallel = new Parallel(Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }));
    private Instant now = NOON;
    private int permits;

    private final AlertUserService service = new AlertUserService(defender, limiter, cache, TTL, () -> 0);
    private final AnonymousTraffic anonymous = new AnonymousTraffic(() -> 0, Duration.ZERO);
    private final HttpEdge edge = new HttpEdge(() -> Optional.of(new EdgeParts(limiter, anonymous)));
    private final LookupParts parts = new LookupParts(
            service,
            new AlertUsersService(service, parallel, () -> 0),
            rows,
            anonymous,
            new Waits(Duration.ofSeconds(90), Duration.ofSeconds(20)),
            TTL,
            null,
            () -> now);

    /** Rows in memory, with the compare-and-swap of the table. */
    private static final class Rows implements PendingLookupStore {
        private final Map<LookupId, Stored> rows = new HashMap<>();
        private int eTag;
        private boolean outOfReach;

        @Override
        public LookupId add(PendingLookup lookup, LookupProgress progress) {
            LookupId id = LookupId.random(LocalDate.of(2026, 1, 1), new SecureRandom());
            rows.put(id, new Stored(lookup, progress, "e" + eTag++));
            return id;
        }

        @Override
        public Optional<Stored> find(LookupId id) {
            if (outOfReach) {
                throw new StoreUnavailableException("out of reach", new IllegalStateException());
            }
            return Optional.ofNullable(rows.get(id));
        }

        @Override
        public Optional<Stored> replace(LookupId id, Stored read, LookupProgress next) {
            if (!rows.get(id).eTag().equals(read.eTag())) {
                return Optional.empty();
            }
            Stored stored = new Stored(read.lookup(), next, "e" + eTag++);
            rows.put(id, stored);
            return Optional.of(stored);
        }
    }

    private static final class CountingStore implements AnswerCache {
        private final Map<AlertId, LookupResult> answers = new HashMap<>();
        private int reads;

        @Override
        public synchronized Optional<LookupResult> find(AlertId alertId, Instant notBefore) {
            reads++;
            return Optional.ofNullable(answers.get(alertId));
        }

        @Override
        public synchronized void put(AlertId alertId, LookupResult answer) {
            answers.put(alertId, answer);
        }
    }

    @BeforeEach
    void thereArePermits() throws Exception {
        when(defender.authorize(any())).thenReturn(session);
        when(limiter.acquire(any(), any())).thenAnswer(call -> {
            synchronized (this) {
                permits++;
            }
            return new RateLimiter.Decision.Granted(() -> true);
        });
    }

    @Test
    void aPollBeforeItsTimeIsAnsweredFromTheRowAlone() throws Exception {
        LookupId id = pending(500, Duration.ofSeconds(60));

        for (int i = 0; i < 10; i++) {
            HttpResponseMessage response = poll(id);
            assertThat(response.getStatusCode()).isEqualTo(202);
            assertThat(response.getHeader("Retry-After")).isEqualTo(Integer.toString(60 - i));
            now = now.plusSeconds(1);
        }

        assertThat(permits).isZero();
        assertThat(cache.reads).isZero();
        assertThat(lines)
                .as("nobody but its sender gains by a line for each poll")
                .isEmpty();
    }

    @Test
    void aPollAtItsRetryAfterIsWorkedOnEvenIfThePermitIsFarAway() throws Exception {
        when(limiter.acquire(any(), any()))
                .thenReturn(new RateLimiter.Decision.Denied(Duration.ofMinutes(45), RateLimiter.Cause.QUOTA));
        GivenRequest request =
                GivenRequest.get("https://app.example.com/api/alerts/da1/user").with(Map.of("mode", "async"));
        HttpResponseMessage response = new AlertUserFunction(edge, () -> parts).run(request, "da1", context());
        assertThat(response.getHeader("Retry-After")).isEqualTo("300");
        cache.answers.put(new AlertId("da1"), FOUND);
        now = now.plusSeconds(300);

        LookupId id = rows.rows.keySet().iterator().next();

        assertThat(poll(id).getStatusCode()).as("another caller's answer").isEqualTo(200);
    }

    @Test
    void aPollAtItsTimeSettlesTheLookupAndTheRowHoldsTheAnswer() throws Exception {
        defenderAnswers(FOUND);
        LookupId id = pending(500, Duration.ofSeconds(60));
        now = now.plusSeconds(60);

        String body = (String) poll(id).getBody();
        int reads = cache.reads;
        HttpResponseMessage again = poll(id);

        assertThat(body).contains("\"found\":500");
        assertThat(again.getStatusCode()).isEqualTo(200);
        assertThat((String) again.getBody()).contains("\"found\":500");
        assertThat(cache.reads).isEqualTo(reads);
        assertThat(permits).isEqualTo(500);
    }

    @ParameterizedTest
    @EnumSource(names = {"DEFENDER_BAD_ANSWER", "DEFENDER_ACCESS_DENIED"})
    void aHundredPollsOfAFailingAlertCostOnePermit(Reason reason) throws Exception {
        defenderAnswers(new Deferred(reason, Duration.ofSeconds(30), "c-1", 200));
        LookupId id = pending(1, Duration.ZERO);

        HttpResponseMessage first = poll(id);
        for (int i = 0; i < 99; i++) {
            assertThat(poll(id).getStatusCode()).isEqualTo(502);
        }

        assertThat(first.getHeader("Retry-After")).isEqualTo("30");
        assertThat(permits).isEqualTo(1);
        now = now.plusSeconds(10);
        assertThat(poll(id).getHeader("Retry-After")).as("the rest of it").isEqualTo("20");
        now = now.plusSeconds(20);
        defenderAnswers(FOUND);
        assertThat(poll(id).getStatusCode()).as("once it was mended").isEqualTo(200);
    }

    @Test
    void anOutageCostsABoundedNumberOfPermitsAndEndsAsAnError() throws Exception {
        defenderAnswers(new Deferred(Reason.DEFENDER_UNAVAILABLE, Duration.ofSeconds(30), null, 503));
        LookupId id = pending(1, Duration.ZERO);

        HttpResponseMessage response = poll(id);
        List<String> pauses = new ArrayList<>();
        while (response.getStatusCode() == 202) {
            pauses.add(response.getHeader("Retry-After"));
            now = now.plusSeconds(Long.parseLong(response.getHeader("Retry-After")));
            response = poll(id);
        }

        assertThat(pauses).startsWith("30", "60", "120", "240", "300").endsWith("300");
        assertThat(response.getStatusCode()).isEqualTo(503);
        assertThat(poll(id).getStatusCode()).isEqualTo(503);
        assertThat(permits).isEqualTo(51);
    }

    @Test
    void onlyOneOfTwoConcurrentPollsWorksOnALookup() throws Exception {
        LookupId id = pending(1, Duration.ZERO);
        List<HttpResponseMessage> meanwhile = new ArrayList<>();
        when(session.findUser(any(), any(), any())).thenAnswer(call -> {
            meanwhile.add(poll(id));
            return FOUND;
        });

        assertThat(poll(id).getStatusCode()).isEqualTo(200);
        assertThat(meanwhile.get(0).getStatusCode()).isEqualTo(202);
        assertThat(permits).isEqualTo(1);
    }

    @Test
    void theClaimOfAPollThatNeverEndsRunsOut() throws Exception {
        defenderAnswers(FOUND);
        LookupId id = pending(1, Duration.ZERO);
        when(defender.authorize(any())).thenThrow(new IllegalStateException("the process ends here"));
        assertThat(poll(id).getStatusCode()).isEqualTo(500);
        doReturn(session).when(defender).authorize(any());

        HttpResponseMessage response = poll(id);
        assertThat(response.getStatusCode()).isEqualTo(202);
        now = now.plusSeconds(Long.parseLong(response.getHeader("Retry-After")));

        assertThat(poll(id).getStatusCode()).isEqualTo(200);
    }

    @Test
    void anonymousAnswersHaveNoBudgetHeaders() throws Exception {
        defenderAnswers(FOUND);

        assertThat(poll(pending(1, Duration.ZERO)).getHeader("RateLimit")).isNull();
        assertThat(poll(LookupId.random(LocalDate.of(2026, 1, 1), new SecureRandom()))
                        .getHeader("RateLimit"))
                .isNull();
    }

    @Test
    void unknownLookupsAreCountedAndNotLogged() {
        for (int i = 0; i < 7; i++) {
            LookupId unknown = LookupId.random(LocalDate.of(2026, 1, 1), new SecureRandom());
            assertThat(poll(unknown).getStatusCode()).isEqualTo(404);
        }

        assertThat(lines).isEmpty();
        assertThat(anonymous.takeCalls()).isEqualTo(7);
    }

    @Test
    void anOutageOfTheTableIsLoggedOnceAMinute() {
        rows.outOfReach = true;
        for (int i = 0; i < 7; i++) {
            HttpResponseMessage response = poll(LookupId.random(LocalDate.of(2026, 1, 1), new SecureRandom()));
            assertThat(response.getStatusCode()).isEqualTo(503);
            assertThat(response.getHeader("x-ms-error-code")).isEqualTo("LookupsUnavailable");
        }

        assertThat(lines).singleElement().asString().startsWith("the table of lookups is out of reach");
    }

    @Test
    void tooManyConcurrentReadsAreRefused() throws Exception {
        AnonymousTraffic traffic = anonymous;
        LookupId unknown = LookupId.random(LocalDate.of(2026, 1, 1), new SecureRandom());

        HttpResponseMessage response = whileReading(traffic, 20, () -> poll(unknown));

        assertThat(response.getStatusCode()).isEqualTo(503);
        assertThat(response.getHeader("x-ms-error-code")).isEqualTo("LookupsBusy");
        assertThat(response.getHeader("Retry-After")).isEqualTo("1");
        assertThat(poll(unknown).getStatusCode()).as("afterwards").isEqualTo(404);
    }

    private static <T> T whileReading(AnonymousTraffic traffic, int reads, Supplier<T> then)
            throws InterruptedException {
        if (reads == 0) {
            return then.get();
        }
        return traffic.read(() -> {
                    try {
                        return whileReading(traffic, reads - 1, then);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .orElseThrow();
    }

    private void defenderAnswers(LookupResult result) throws InterruptedException {
        doReturn(result).when(session).findUser(any(), any(), any());
    }

    private LookupId pending(int alerts, Duration notBefore) {
        List<AlertId> ids =
                IntStream.range(0, alerts).mapToObj(i -> new AlertId("da" + i)).toList();
        PendingLookup lookup = new PendingLookup(
                alerts == 1 ? Kind.SINGLE : Kind.BATCH,
                ids,
                LeftOut.NOTHING,
                false,
                NOON,
                new Correlation("c-1", null));
        return rows.add(lookup, LookupProgress.pending(NOON.plus(notBefore), 0));
    }

    private HttpResponseMessage poll(LookupId id) {
        String path = "/api/lookups/" + id.text();
        return new LookupFunction(edge, () -> parts)
                .run(GivenRequest.get("https://app.example.com" + path), id.text(), context());
    }

    private ExecutionContext context() {
        return GivenContext.of("Lookup", lines);
    }
}
