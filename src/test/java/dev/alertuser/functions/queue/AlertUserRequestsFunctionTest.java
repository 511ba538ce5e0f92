package dev.alertuser.functions.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.TraceContext;
import dev.alertuser.Application.EdgeParts;
import dev.alertuser.Application.QueueParts;
import dev.alertuser.config.SettingsException;
import dev.alertuser.service.AlertUserService;
import dev.alertuser.service.AnonymousTraffic;
import dev.alertuser.service.AnswerTtl;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.AlertUser;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.service.budget.LimiterStats;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.port.AnswerCache;
import dev.alertuser.service.port.DefenderApi;
import dev.alertuser.service.port.MessageQueue;
import dev.alertuser.service.port.MessageQueueException;
import dev.alertuser.service.port.MessageQueues;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentCaptor;

class AlertUserRequestsFunctionTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final String ALERT = "da637472900382838869_1364969609";
    private static final AlertUser USER = new AlertUser(
            "{\"id\":\"contoso\\\\user1\",\"unknown\":[1, 2]}", "contoso\\user1", "user1", "contoso", null);

    private final AnswerCache store = mock(AnswerCache.class);
    private final DefenderApi defender = mock(DefenderApi.class);
    private final DefenderApi.Session session = mock(DefenderApi.Session.class);
    private final RateLimiter limiter = mock(RateLimiter.class);
    private final MessageQueue requests = mock(MessageQueue.class);
    private final MessageQueue results = mock(MessageQueue.class);
    private final MessageQueues queues = new MessageQueues(requests, results);
    private final ExecutionContext context = mock(ExecutionContext.class);
    private final AlertUserService service = new AlertUserService(
            defender, limiter, store, new AnswerTtl(Duration.ofMinutes(15), Duration.ofMinutes(2)), () -> 0);
    private final QueueEdge edge =
            new QueueEdge(() -> Optional.of(new EdgeParts(limiter, null, new AnonymousTraffic(() -> 0))));
    private final QueueParts parts = new QueueParts(service, queues, Duration.ofHours(24), () -> NOON);

    @BeforeEach
    void allIsWell() throws Exception {
        when(context.getFunctionName()).thenReturn("AlertUserRequests");
        when(context.getInvocationId()).thenReturn("11111111-2222-3333-4444-555555555555");
        when(context.getLogger()).thenReturn(Logger.getAnonymousLogger());
        when(context.getTraceContext()).thenReturn(mock(TraceContext.class));
        when(store.find(any(), any())).thenReturn(Optional.empty());
        when(defender.authorize(any())).thenReturn(session);
        when(limiter.acquire(any(), any(), any())).thenReturn(new RateLimiter.Decision.Granted(() -> true));
        given(new Found(USER, new Origin(Source.DEFENDER, NOON, null)));
    }

    @Test
    void sendsTheUserWithTheAccountEntity() throws Exception {
        run("{\"alertId\":\"" + ALERT + "\",\"correlationId\":\"c-1\"}");

        JsonNode result = sentResult();
        assertThat(result.get("alertId").textValue()).isEqualTo(ALERT);
        assertThat(result.get("outcome").textValue()).isEqualTo("found");
        assertThat(result.get("user")).isEqualTo(new ObjectMapper().readTree(USER.json()));
        assertThat(result.get("account").toString())
                .isEqualTo("{\"Type\":\"account\",\"Name\":\"user1\",\"NTDomain\":\"contoso\"}");
        assertThat(result.get("error").isNull()).isTrue();
        assertThat(result.get("correlationId").textValue()).isEqualTo("c-1");
        assertThat(result.get("source").textValue()).isEqualTo("defender");
        assertThat(result.get("requestedAt").textValue()).isEqualTo("2026-01-01T12:00:00Z");
        assertThat(result.get("completedAt").textValue()).isEqualTo("2026-01-01T12:00:00Z");
        assertThat(result.get("deferrals").intValue()).isZero();
        verifyNoInteractions(requests);
    }

    @Test
    void sendsNotFoundWithoutAUser() throws Exception {
        given(new NotFound(new Origin(Source.CACHED, NOON, null)));

        run(ALERT);

        assertThat(sentResult().get("outcome").textValue()).isEqualTo("notFound");
        assertThat(sentResult().get("source").textValue()).isEqualTo("kept");
        assertThat(sentResult().get("correlationId").textValue()).isEqualTo("11111111-2222-3333-4444-555555555555");
    }

    @Test
    void hintsAtAnAlertOfAnotherProduct() throws Exception {
        String foreign = "9d1ef5c1-3f2e-4b1f-8f9c-0a1b2c3d4e5f";
        when(session.findUser(eq(new AlertId(foreign)), any(), any()))
                .thenReturn(new NotFound(new Origin(Source.DEFENDER, NOON, null)));

        run(foreign);

        assertThat(sentResult().get("hint").textValue()).startsWith("This id is a bare GUID");
    }

    @Test
    void passesTheTraceToDefenderTheResultAndTheDeferredMessage() throws Exception {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        String message = "{\"alertId\":\"" + ALERT + "\",\"correlationId\":\"c-1\",\"traceparent\":\"" + trace + "\"}";

        run(message);

        verify(session).findUser(any(), any(), eq(new Correlation("c-1", trace)));
        assertThat(sentResult().get("traceparent").textValue()).isEqualTo(trace);

        given(new Deferred(Reason.DEFENDER_UNAVAILABLE, Duration.ofSeconds(30), null));
        run(message);

        ArgumentCaptor<String> text = ArgumentCaptor.captor();
        verify(requests).send(text.capture(), any());
        assertThat(text.getValue()).contains("\"traceparent\":\"" + trace + "\"");
    }

    @Test
    void defersARequestUntilThereIsAPermit() throws Exception {
        when(limiter.acquire(any(), any(), any()))
                .thenReturn(new RateLimiter.Decision.Denied(Duration.ofMinutes(40), RateLimiter.Cause.QUOTA));

        run(ALERT);

        ArgumentCaptor<String> text = ArgumentCaptor.captor();
        ArgumentCaptor<Duration> delay = ArgumentCaptor.captor();
        verify(requests).send(text.capture(), delay.capture());
        assertThat(text.getValue())
                .isEqualTo("{\"alertId\":\"" + ALERT + "\",\"correlationId\":\"11111111-2222-3333-4444-555555555555\","
                        + "\"firstSeen\":\"2026-01-01T12:00:00Z\",\"deferrals\":1}");
        assertThat(delay.getValue())
                .isBetween(Duration.ofMinutes(40), Duration.ofMinutes(40).plus(Duration.ofSeconds(5)));
        verifyNoInteractions(results);
    }

    /** A message that waits keeps the function from others that need no permit. */
    @Test
    void waitsSomeSecondsForAPermitAtMost() throws Exception {
        run(ALERT);

        verify(limiter).acquire(any(), eq(Priority.BACKLOG), eq(Duration.ofSeconds(5)));
    }

    @Test
    void answersFromTheCacheWithoutAskingForAPermit() throws Exception {
        when(store.find(any(), any())).thenReturn(Optional.of(new Found(USER, new Origin(Source.CACHED, NOON, null))));

        run(ALERT);

        assertThat(sentResult().get("source").textValue()).isEqualTo("kept");
        verify(limiter, never()).acquire(any(), any(), any());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DEFENDER_BAD_ANSWER")
    void defersARequestForEachTransientReason(Reason reason) throws Exception {
        given(new Deferred(reason, Duration.ofSeconds(30), null));

        run(ALERT);

        verify(requests).send(any(), any());
        verifyNoInteractions(results);
    }

    @Test
    void failsOnAnUnusableAnswerSoThatThePlatformRepeatsTheMessage() throws Exception {
        given(new Deferred(Reason.DEFENDER_BAD_ANSWER, Duration.ofSeconds(30), null));

        assertThatThrownBy(() -> run(ALERT)).isInstanceOf(IllegalStateException.class);
        verifyNoInteractions(results, requests);
    }

    @Test
    void expiresARequestRatherThanDeferItBeyondItsMaximumAge() throws Exception {
        given(new Deferred(Reason.DEFENDER_THROTTLED, Duration.ofMinutes(40), null));

        run("{\"alertId\":\"" + ALERT + "\",\"firstSeen\":\"2025-12-31T12:30:00Z\",\"deferrals\":7}");

        JsonNode result = sentResult();
        assertThat(result.get("outcome").textValue()).isEqualTo("expired");
        assertThat(result.get("error").get("code").textValue()).isEqualTo("RequestExpired");
        assertThat(result.get("error").get("message").textValue())
                .startsWith("There was no answer within PT24H. Defender answered 429");
        assertThat(result.get("requestedAt").textValue()).isEqualTo("2025-12-31T12:30:00Z");
        assertThat(result.get("deferrals").intValue()).isEqualTo(7);
        verifyNoInteractions(requests);
    }

    @Test
    void countsTheAgeFromTheInsertionIntoTheQueue() throws Exception {
        run(ALERT, "\"2025-12-31T11:59:59+00:00\"");

        assertThat(sentResult().get("outcome").textValue()).isEqualTo("expired");
        assertThat(sentResult().get("requestedAt").textValue()).isEqualTo("2025-12-31T11:59:59Z");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            9999-12-31T23:59:59Z | 2147483647
            1970-01-01T00:00:00Z | 7
            2026-01-01T12:00:01Z | 1
            2025-12-31T11:59:59Z | 99999999999
            """)
    void ignoresMembersThatNoDeferredMessageHas(String firstSeen, String deferrals) throws Exception {
        given(new Deferred(Reason.DEFENDER_UNAVAILABLE, Duration.ofSeconds(30), null));

        run("{\"alertId\":\"" + ALERT + "\",\"firstSeen\":\"" + firstSeen + "\",\"deferrals\":" + deferrals + "}");

        ArgumentCaptor<String> text = ArgumentCaptor.captor();
        ArgumentCaptor<Duration> delay = ArgumentCaptor.captor();
        verify(requests).send(text.capture(), delay.capture());
        assertThat(text.getValue()).contains("\"firstSeen\":\"2026-01-01T12:00:00Z\",\"deferrals\":1");
        assertThat(delay.getValue()).isLessThan(Duration.ofSeconds(40));
        verifyNoInteractions(results);
    }

    @Test
    void defersAgainAndAgainWithoutAnOverflow() throws Exception {
        given(new Deferred(Reason.DEFENDER_UNAVAILABLE, Duration.ofSeconds(30), null));

        run("{\"alertId\":\"" + ALERT + "\",\"firstSeen\":\"2026-01-01T11:00:00Z\",\"deferrals\":2147483647}");

        ArgumentCaptor<String> text = ArgumentCaptor.captor();
        verify(requests).send(text.capture(), any());
        assertThat(text.getValue()).contains("\"deferrals\":1000000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alertId\":\"" + ALERT + "\",\"insertiontime\":\"1970-01-01T00:00:00Z\"}",
                "{\"alertId\":\"" + ALERT + "\",\"\\u0049nsertionTime\":\"1970-01-01T00:00:00Z\"}",
            })
    void ignoresAnInsertionTimeInTheBody(String message) throws Exception {
        run(message, "1970-01-01T00:00:00Z");

        assertThat(sentResult().get("outcome").textValue()).isEqualTo("found");
    }

    @Test
    void takesAnInvalidInsertionTimeAsNow() throws Exception {
        run(ALERT, "no time");

        assertThat(sentResult().get("requestedAt").textValue()).isEqualTo("2026-01-01T12:00:00Z");
    }

    @Test
    void defersARequestWhileTheSettingsAreWrong() throws Exception {
        new AlertUserRequestsFunction(edge, AlertUserRequestsFunctionTest::wrongSettings, () -> queues, () -> NOON)
                .run("{\"alertId\":\"" + ALERT + "\",\"correlationId\":\"c-1\"}", "2026-01-01T11:00:00Z", context);

        ArgumentCaptor<String> text = ArgumentCaptor.captor();
        ArgumentCaptor<Duration> delay = ArgumentCaptor.captor();
        verify(requests).send(text.capture(), delay.capture());
        assertThat(text.getValue())
                .isEqualTo("{\"alertId\":\"" + ALERT + "\",\"correlationId\":\"c-1\","
                        + "\"firstSeen\":\"2026-01-01T11:00:00Z\",\"deferrals\":1}");
        assertThat(delay.getValue()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(75));
        verifyNoInteractions(results);
    }

    @Test
    void rejectsAnInvalidRequestWhileTheSettingsAreWrong() throws Exception {
        new AlertUserRequestsFunction(edge, AlertUserRequestsFunctionTest::wrongSettings, () -> queues, () -> NOON)
                .run("not an id", "2026-01-01T11:00:00Z", context);

        assertThat(sentResult().get("outcome").textValue()).isEqualTo("invalid");
    }

    @Test
    void omitsTheAccountFromAResultThatWouldNotFit() throws Exception {
        String name = "x".repeat(31_000);
        AlertUser large = new AlertUser("{\"accountName\":\"" + name + "\"}", null, name, null, null);
        given(new Found(large, new Origin(Source.DEFENDER, NOON, null)));

        run(ALERT);

        JsonNode result = sentResult();
        assertThat(result.get("outcome").textValue()).isEqualTo("found");
        assertThat(result.get("user").get("accountName").textValue()).isEqualTo(name);
        assertThat(result.get("account").isNull()).isTrue();
        assertThat(result.get("accountOmitted").booleanValue()).isTrue();
        assertThat(result.toString().length()).isLessThanOrEqualTo(48 * 1024);
    }

    @Test
    void writesTheLimitersLine() throws Exception {
        List<String> lines = new ArrayList<>();
        Logger log = Logger.getAnonymousLogger();
        log.setFilter(line -> lines.add(line.getMessage()));
        when(context.getLogger()).thenReturn(log);
        when(limiter.takeStats()).thenReturn(Optional.of(new LimiterStats(List.of(), Map.of("pauses", 1L), 2, 3)));

        run(ALERT);

        assertThat(lines)
                .hasSize(2)
                .last()
                .isEqualTo("{\"event\":\"budget\",\"windows\":[],\"pauses\":1,\"slotLagMs\":2,\"clockWidthMs\":3,"
                        + "\"anonymousCalls\":0}");
    }

    @Test
    void succeedsIfTheLimitersLineCannotBeWritten() throws Exception {
        when(limiter.takeStats()).thenThrow(new IllegalStateException("no line"));

        run(ALERT);

        assertThat(sentResult().get("outcome").textValue()).isEqualTo("found");
    }

    @Test
    void spendsNoPermitOnAnExpiredRequest() throws Exception {
        run(
                "{\"alertId\":\"" + ALERT + "\",\"firstSeen\":\"2025-12-31T11:00:00Z\",\"deferrals\":7}",
                "\"2026-01-01T10:59:00+00:00\"");

        assertThat(sentResult().get("outcome").textValue()).isEqualTo("expired");
        verifyNoInteractions(defender);
        verify(limiter, never()).acquire(any(), any(), any());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"alertId":"a/b"}                 | InvalidAlertId
            {"alertIds":["a1","a2"]}          | TooManyAlerts
            {"alertId":                       | InvalidRequestBody
            {"hello":"world"}                 | NoAlertId
            not an id                         | InvalidAlertId
            """)
    void rejectsAnInvalidRequestAtOnce(String message, String code) throws Exception {
        run(message);

        JsonNode result = sentResult();
        assertThat(result.get("outcome").textValue()).isEqualTo("invalid");
        assertThat(result.get("alertId").isNull()).isTrue();
        assertThat(result.get("error").get("code").textValue()).isEqualTo(code);
        assertThat(result.get("originalMessage").textValue()).isEqualTo(message);
        verifyNoInteractions(requests);
        verify(limiter, never()).acquire(any(), any(), any());
    }

    @Test
    void truncatesAnOriginalThatWouldNotFitAResult() throws Exception {
        run("\"".repeat(48 * 1024));

        JsonNode result = sentResult();
        assertThat(result.get("originalTruncated").booleanValue()).isTrue();
        assertThat(result.get("originalMessage").textValue()).matches("\"{10000,}");
        assertThat(result.toString().length()).isLessThanOrEqualTo(48 * 1024);
    }

    @Test
    void failsIfTheResultCannotBeSentSoThatTheMessageStays() throws Exception {
        doThrow(new MessageQueueException("down", null)).when(results).send(any(), any());

        assertThatThrownBy(() -> run(ALERT)).hasRootCauseInstanceOf(MessageQueueException.class);
    }

    @Test
    void turnsAnErrorIntoAnExceptionForThePlatform() throws Exception {
        when(defender.authorize(any())).thenThrow(new NoClassDefFoundError("x"));

        assertThatThrownBy(() -> run(ALERT)).isInstanceOf(IllegalStateException.class);
        verify(results, never()).send(any(), any());
    }

    private void given(LookupResult answer) throws Exception {
        when(session.findUser(eq(new AlertId(ALERT)), any(), any())).thenReturn(answer);
    }

    private void run(String message) throws Exception {
        run(message, "\"2026-01-01T12:00:00+00:00\"");
    }

    private void run(String message, String insertionTime) throws Exception {
        new AlertUserRequestsFunction(edge, () -> parts, () -> queues, () -> NOON).run(message, insertionTime, context);
    }

    private static QueueParts wrongSettings() {
        throw new SettingsException("RATE_LIMITS must be permits/window pairs but is something else");
    }

    private JsonNode sentResult() throws Exception {
        ArgumentCaptor<String> text = ArgumentCaptor.captor();
        verify(results).send(text.capture(), eq(Duration.ZERO));
        return new ObjectMapper().readTree(text.getValue());
    }
}
