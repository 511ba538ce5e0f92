package dev.alertuser.functions.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.microsoft.azure.functions.ExecutionContext;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.AlertUser;
import dev.alertuser.service.alert.LookupOutcome;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.alert.LookupResult.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CallLogTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final AlertId ALERT = new AlertId("da1");
    private static final AlertUser USER = new AlertUser("{\"accountName\":\"jane\"}", "jane", "jane", "corp", "S-1-5");

    private final List<LogRecord> records = new ArrayList<>();
    private final CallLog log = new CallLog(context());

    @Test
    void logsTheCostOfALookupAndNothingAboutThePerson() {
        log.put(CallLog.Field.CORRELATION_ID, "my-run-17");
        log.lookup(ALERT, outcome(new Found(USER, new Origin(Source.DEFENDER, NOON, null, 200)), 1, 45));

        assertThat(written())
                .matches("\\{\"event\":\"call\",\"entry\":\"AlertUser\",\"outcome\":\"found\",\"source\":\"defender\","
                        + "\"alertId\":\"da1\",\"correlationId\":\"my-run-17\",\"permits\":1,\"waitMs\":12,"
                        + "\"defenderStatus\":200,\"defenderMs\":45,\"durationMs\":\\d+}")
                .doesNotContain("jane", "corp", "S-1-5");
        assertThat(records.get(0).getLevel()).isEqualTo(Level.INFO);
    }

    /** It is no fault of the app, and no rule is to call an operator for it. */
    @Test
    void logsTheRefusalOfAUserAsInformation() {
        Deferred refusal = new Deferred(Reason.DEFENDER_DENIES_USER, Duration.ofMinutes(5), "c-9", 403);
        log.lookup(ALERT, outcome(refusal, 1, 30));
        log.error(ApiError.of(refusal));

        assertThat(written())
                .contains("\"code\":\"DefenderDeniesUser\"", "\"defenderStatus\":403")
                .doesNotContain("defenderDenied");
        assertThat(records.get(0).getLevel()).isEqualTo(Level.INFO);
    }

    @Test
    void logsDefendersStatusAndIdOfARefusalAsSevere() {
        Deferred refusal = new Deferred(Reason.DEFENDER_ACCESS_DENIED, Duration.ofMinutes(5), "c-9", 403);
        log.lookup(ALERT, outcome(refusal, 1, 30));
        log.error(ApiError.of(refusal));

        assertThat(written())
                .contains(
                        "\"outcome\":\"deferred\",\"code\":\"DefenderAccessDenied\"",
                        "\"defenderStatus\":403,\"defenderDenied\":1,\"defenderMs\":30,\"defenderCorrelationId\":\"c-9\"",
                        "\"retryAfterSeconds\":300");
        assertThat(records.get(0).getLevel()).isEqualTo(Level.SEVERE);
    }

    @Test
    void logsNoStatusWhenDefenderDidNotAnswer() {
        log.lookup(ALERT, outcome(new Deferred(Reason.DEFENDER_TIMEOUT, Duration.ofSeconds(30), null), 1, 12_000));

        assertThat(written()).contains("\"permits\":1", "\"defenderMs\":12000").doesNotContain("defenderStatus");
    }

    @Test
    void distinguishesCachedAndSharedAnswersFromDefendersOwn() {
        log.lookup(ALERT, outcome(new NotFound(new Origin(Source.CACHED, NOON, "c")), 0, null));
        assertThat(written()).contains("\"source\":\"kept\"", "\"permits\":0").doesNotContain("defenderMs");

        CallLog other = new CallLog(context());
        other.lookup(ALERT, outcome(new NotFound(new Origin(Source.DEFENDER, NOON, "c", 404)), 0, null));
        other.write();
        assertThat(records.get(1).getMessage())
                .contains("\"source\":\"shared\"")
                .doesNotContain("defenderStatus");
    }

    @Test
    void addsUpTheLookupsOfOneCall() {
        log.lookup(ALERT, outcome(new Found(USER, new Origin(Source.DEFENDER, NOON, null, 200)), 1, 45));
        log.lookup(new AlertId("da2"), outcome(new NotFound(new Origin(Source.CACHED, NOON, null)), 0, null));
        log.lookup(new AlertId("da3"), outcome(new NotFound(new Origin(Source.DEFENDER, NOON, null, 404)), 2, 45));

        assertThat(written())
                .contains(
                        "\"outcome\":\"several\",\"alerts\":3,\"permits\":3,\"waitMs\":12,",
                        "\"defenderStatus\":404,\"defenderMs\":45,")
                .doesNotContain("alertId", "source", "code", "defenderCorrelationId");
    }

    @Test
    void logsTheHighestStatusOfSeveralLookups() {
        log.lookup(ALERT, outcome(new Found(USER, new Origin(Source.DEFENDER, NOON, null, 200)), 1, 45));
        log.lookup(
                new AlertId("da2"),
                outcome(new Deferred(Reason.DEFENDER_ACCESS_DENIED, Duration.ofMinutes(5), "c-9", 403), 1, 30));
        log.lookup(new AlertId("da3"), outcome(new Found(USER, new Origin(Source.DEFENDER, NOON, null, 200)), 1, 40));

        assertThat(written())
                .contains("\"outcome\":\"several\",\"code\":\"DefenderAccessDenied\",", "\"defenderStatus\":403,");
        assertThat(records.get(0).getLevel()).isEqualTo(Level.SEVERE);
    }

    @Test
    void countsRefusalsAndThrottlingSeparately() {
        log.lookup(ALERT, outcome(new Deferred(Reason.DEFENDER_THROTTLED, Duration.ofSeconds(7), "c-8", 429), 1, 20));
        log.lookup(
                ALERT, outcome(new Deferred(Reason.DEFENDER_ACCESS_DENIED, Duration.ofMinutes(5), "c-9", 403), 1, 30));
        log.lookup(
                ALERT, outcome(new Deferred(Reason.DEFENDER_ACCESS_DENIED, Duration.ofMinutes(5), "c-9", 401), 1, 30));
        log.lookup(
                ALERT, outcome(new Deferred(Reason.DEFENDER_UNAVAILABLE, Duration.ofSeconds(30), "c-9", 503), 1, 30));

        assertThat(written())
                .contains("\"defenderStatus\":503,\"defenderDenied\":2,\"defenderThrottled\":1,\"defenderMs\":30");
    }

    @Test
    void distinguishesACallersMistakeFromAFaultOfTheApp() {
        log.error(ApiError.of(ErrorCode.INVALID_ALERT_ID, null));
        assertThat(written()).contains("\"outcome\":\"invalid\",\"code\":\"InvalidAlertId\"");

        CallLog other = new CallLog(context());
        other.failed();
        other.write();
        assertThat(records.get(1).getMessage()).contains("\"outcome\":\"failed\",\"code\":\"InternalError\"");
        assertThat(records.get(1).getLevel()).isEqualTo(Level.SEVERE);
    }

    @Test
    void hasTheOutcomeDoneByDefault() {
        assertThat(written()).contains("\"outcome\":\"done\"");
    }

    /** The operating guide's table has a line for each member, in this order: {@code | `event` | ...}. */
    @Test
    void hasTheMembersThatTheOperatingGuideExplains() throws IOException {
        String guide = Files.readString(Path.of("infra/README.md"));
        String table = guide.substring(guide.indexOf("| `event` | `call` |"));
        List<String> explained = Pattern.compile("\\| `(\\w+)` \\|.*\\R?")
                .matcher(table.substring(0, (table + "\n\n").indexOf("\n\n")))
                .results()
                .map(row -> row.group(1))
                .toList();

        assertThat(explained)
                .containsExactlyElementsOf(Arrays.stream(CallLog.Field.values())
                        .map(CallLog.Field::label)
                        .toList());
    }

    private String written() {
        log.write();
        return records.get(0).getMessage();
    }

    private static LookupOutcome outcome(LookupResult result, int permits, Integer callMillis) {
        return new LookupOutcome(
                result, permits, Duration.ofMillis(12), callMillis == null ? null : Duration.ofMillis(callMillis));
    }

    private ExecutionContext context() {
        Logger logger = Logger.getAnonymousLogger();
        logger.setUseParentHandlers(false);
        logger.addHandler(new Handler() {
            @Override
            public void publish(LogRecord record) {
                records.add(record);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
        ExecutionContext context = mock(ExecutionContext.class);
        when(context.getLogger()).thenReturn(logger);
        when(context.getFunctionName()).thenReturn("AlertUser");
        return context;
    }
}
