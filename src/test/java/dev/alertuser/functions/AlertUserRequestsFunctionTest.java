package dev.alertuser.functions;

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
import dev.alertuser.Application;
import dev.alertuser.Lazy;
import dev.alertuser.Settings;
import dev.alertuser.service.AlertId;
import dev.alertuser.service.AlertUser;
import dev.alertuser.service.AlertUserService;
import dev.alertuser.service.AlertUsersService;
import dev.alertuser.service.AnonymousTraffic;
import dev.alertuser.service.AnswerCache;
import dev.alertuser.service.Correlation;
import dev.alertuser.service.DefenderApi;
import dev.alertuser.service.LookupResult;
import dev.alertuser.service.LookupResult.Deferred;
import dev.alertuser.service.LookupResult.Found;
import dev.alertuser.service.LookupResult.NotFound;
import dev.alertuser.service.LookupResult.Origin;
import dev.alertuser.service.LookupResult.Reason;
import dev.alertuser.service.LookupResult.Source;
import dev.alertuser.service.MessageQueue;
import dev.alertuser.service.MessageQueueException;
import dev.alertuser.service.MessageQueues;
import dev.alertuser.service.Parallel;
import dev.alertuser.service.PendingLookupStore;
import dev.alertuser.service.QueueGauge;
import dev.alertuser.service.RateLimiter;
import dev.alertuser.service.Readiness;
import dev.alertuser.service.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
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
    private final Settings settings = Settings.from(Map.of("AzureWebJobsStorage", "UseDevelopmentStorage=true"));
    private final Parallel parallel = new Parallel(mock(ExecutorService.class));
    private final AlertUserService service =
            new AlertUserService(defender, limiter, store, settings.answerTtl(), () -> 0);
    private final Lazy<Application> application = new Lazy<>(() -> new Application(
            settings,
            () -> NOON,
            defender,
            limiter,
            service,
            new AlertUsersService(service, parallel, () -> 0),
            mock(PendingLookupStore.class),
            mock(Retention.class),
            parallel,
            queues,
            mock(QueueGauge.class),
            new AnonymousTraffic(System::nanoTime),
            new Readiness(defender, limiter, () -> NOON, () -> 0)));

    @BeforeEach
    void allIsWell() throws Exception {
        when(context.getFunctionName()).thenReturn("AlertUserRequests");
        when(context.getInvocationId()).thenReturn("11111111-2222-3333-4444-555555555555");
        when(context.getLogger()).thenReturn(Logger.getAnonymousLogger());
        when(context.getTraceContext()).thenReturn(mock(TraceContext.class));
        when(store.find(any(), any())).thenReturn(Optional.empty());
        when(defender.authorize(any())).thenReturn(session);
        when(limiter.acquire(any(), any())).thenReturn(new RateLimiter.Decision.Granted(() -> true));
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
    void sendsThatThereIsNoUser() throws Exception {
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
    void passesTheTraceOnToDefenderTheResultAndTheMessageThatIsPutOff() throws Exception {
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
    void putsOffWhatHasNoPermitUntilThereIsOne() throws Exception {
        when(limiter.acquire(any(), any()))
                .thenReturn(new RateLimiter.Decision.Denied(Duration.ofMinutes(40), RateLimiter.Cause.QUOTA));

        run(ALERT);

        ArgumentCaptor<String> text = ArgumentCaptor.captor();
        ArgumentCaptor<Duration> delay = ArgumentCaptor.captor();
        verify(requests).send(text.capture(), delay.capture());
        assertThat(text.getValue())
                .isEqualTo("{\"alertId\":\"" + ALERT + "\",\"correlationId\":\"11111111-2222-3333-4444-555555555555\","
                        + "\"firstSeen\":\"2026-01-01T12:00:00Z\",\"deferrals\":1}");
        assertThat(delay.getValue()).isBetween(Duration.ofMinutes(40), Duration.ofMinutes(50));
        verifyNoInteractions(results);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DEFENDER_BAD_ANSWER")
    void putsOffWhateverPasses(Reason reason) throws Exception {
        given(new Deferred(reason, Duration.ofSeconds(30), null));

        run(ALERT);

        verify(requests).send(any(), any());
        verifyNoInteractions(results);
    }

    @Test
    void failsWithAnAnswerThatCannotBeUsedSoThatThePlatformRepeatsIt() throws Exception {
        given(new Deferred(Reason.DEFENDER_BAD_ANSWER, Duration.ofSeconds(30), null));

        assertThatThrownBy(() -> run(ALERT)).isInstanceOf(IllegalStateException.class);
        verifyNoInteractions(results, requests);
    }

    @Test
    void letsARequestExpireRatherThanPutItOffBeyondItsTime() throws Exception {
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
    void countsTheAgeFromWhenTheMessageWasPutIntoTheQueue() throws Exception {
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
    void believesNothingThatNoMessageOfOursSays(String firstSeen, String deferrals) throws Exception {
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
    void putsOffForEverWithoutAnOverflow() throws Exception {
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
    void takesNoWordOfTheBodyForThePlatforms(String message) throws Exception {
        run(message, "1970-01-01T00:00:00Z");

        assertThat(sentResult().get("outcome").textValue()).isEqualTo("found");
    }

    @Test
    void takesATimeThatIsNoneForNow() throws Exception {
        run(ALERT, "no time");

        assertThat(sentResult().get("requestedAt").textValue()).isEqualTo("2026-01-01T12:00:00Z");
    }

    @Test
    void putsARequestOffWhileTheSettingsAreWrong() throws Exception {
        new AlertUserRequestsFunction(wrongSettings(), new Lazy<>(() -> queues), () -> NOON)
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
    void endsWhatIsNoRequestThoughTheSettingsAreWrong() throws Exception {
        new AlertUserRequestsFunction(wrongSettings(), new Lazy<>(() -> queues), () -> NOON)
                .run("not an id", "2026-01-01T11:00:00Z", context);

        assertThat(sentResult().get("outcome").textValue()).isEqualTo("invalid");
    }

    @Test
    void endsWhatIsPoisonedThoughTheSettingsAreWrong() throws Exception {
        new AlertUserPoisonFunction(wrongSettings(), new Lazy<>(() -> queues), () -> NOON).run(ALERT, context);

        assertThat(sentResult().get("outcome").textValue()).isEqualTo("failed");
    }

    @Test
    void leavesTheAccountOutOfAResultThatWouldNotFit() throws Exception {
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
    void leavesTheLimitersLineInItsLog() throws Exception {
        List<String> lines = new ArrayList<>();
        Logger log = Logger.getAnonymousLogger();
        log.setFilter(line -> lines.add(line.getMessage()));
        when(context.getLogger()).thenReturn(log);
        when(limiter.minute()).thenReturn(Optional.of("{\"event\":\"budget\"}"));

        run(ALERT);

        assertThat(lines).hasSize(2).last().isEqualTo("{\"event\":\"budget\",\"anonymousCalls\":0}");
    }

    @Test
    void endsWellThoughTheLimitersLineCannotBeWritten() throws Exception {
        when(limiter.minute()).thenThrow(new IllegalStateException("no line"));

        run(ALERT);

        assertThat(sentResult().get("outcome").textValue()).isEqualTo("found");
    }

    @Test
    void spendsNothingOnARequestThatIsTooOld() throws Exception {
        run(
                "{\"alertId\":\"" + ALERT + "\",\"firstSeen\":\"2025-12-31T11:00:00Z\",\"deferrals\":7}",
                "\"2026-01-01T10:59:00+00:00\"");

        assertThat(sentResult().get("outcome").textValue()).isEqualTo("expired");
        verifyNoInteractions(defender);
        verify(limiter, never()).acquire(any(), any());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"alertId":"a/b"}                 | InvalidAlertId
            {"alertIds":["a1","a2"]}          | TooManyAlerts
            {"alertId":                       | InvalidRequestBody
            {"hello":"world"}                 | NoAlertId
            not an id                         | InvalidAlertId
            """)
    void endsWhatIsNoRequestAtOnce(String message, String code) throws Exception {
        run(message);

        JsonNode result = sentResult();
        assertThat(result.get("outcome").textValue()).isEqualTo("invalid");
        assertThat(result.get("alertId").isNull()).isTrue();
        assertThat(result.get("error").get("code").textValue()).isEqualTo(code);
        assertThat(result.get("originalMessage").textValue()).isEqualTo(message);
        verifyNoInteractions(requests);
        verify(limiter, never()).acquire(any(), any());
    }

    @Test
    void cutsAnOriginalThatWouldNotFitAResult() throws Exception {
        run("\"".repeat(48 * 1024));

        JsonNode result = sentResult();
        assertThat(result.get("originalTruncated").booleanValue()).isTrue();
        assertThat(result.get("originalMessage").textValue()).matches("\"{10000,}");
        assertThat(result.toString().length()).isLessThanOrEqualTo(48 * 1024);
    }

    @Test
    void keepsTheMessageWhenTheResultCannotBeSent() throws Exception {
        doThrow(new MessageQueueException("down", null)).when(results).send(any(), any());

        assertThatThrownBy(() -> run(ALERT)).hasRootCauseInstanceOf(MessageQueueException.class);
    }

    @Test
    void tellsThePlatformOfAnErrorThatIsNoException() throws Exception {
        when(defender.authorize(any())).thenThrow(new NoClassDefFoundError("x"));

        assertThatThrownBy(() -> run(ALERT)).isInstanceOf(IllegalStateException.class);
        verify(results, never()).send(any(), any());
    }

    @Test
    void aRequestThatFailedTooOftenEndsWithItsText() throws Exception {
        String message = "{\"alertId\":\"" + ALERT + "\",\"correlationId\":\"c-1\"}";

        new AlertUserPoisonFunction(application, new Lazy<>(() -> queues), () -> NOON).run(message, context);

        JsonNode result = sentResult();
        assertThat(result.get("outcome").textValue()).isEqualTo("failed");
        assertThat(result.get("alertId").textValue()).isEqualTo(ALERT);
        assertThat(result.get("correlationId").textValue()).isEqualTo("c-1");
        assertThat(result.get("error").get("code").textValue()).isEqualTo("InternalError");
        assertThat(result.get("originalMessage").textValue()).isEqualTo(message);
    }

    @Test
    void aFailedMessageThatIsNoRequestEndsWithItsTextToo() throws Exception {
        new AlertUserPoisonFunction(application, new Lazy<>(() -> queues), () -> NOON).run("{", context);

        assertThat(sentResult().get("outcome").textValue()).isEqualTo("failed");
        assertThat(sentResult().get("originalMessage").textValue()).isEqualTo("{");
    }

    private void given(LookupResult answer) throws Exception {
        when(session.findUser(eq(new AlertId(ALERT)), any(), any())).thenReturn(answer);
    }

    private void run(String message) throws Exception {
        run(message, "\"2026-01-01T12:00:00+00:00\"");
    }

    private void run(String message, String insertionTime) throws Exception {
        new AlertUserRequestsFunction(application, new Lazy<>(() -> queues), () -> NOON)
                .run(message, insertionTime, context);
    }

    private static Lazy<Application> wrongSettings() {
        return new Lazy<>(() -> {
            Settings.from(Map.of("AzureWebJobsStorage", "x", "RATE_LIMITS", "hundred"));
            throw new AssertionError();
        });
    }

    private JsonNode sentResult() throws Exception {
        ArgumentCaptor<String> text = ArgumentCaptor.captor();
        verify(results).send(text.capture(), eq(Duration.ZERO));
        return new ObjectMapper().readTree(text.getValue());
    }
}
