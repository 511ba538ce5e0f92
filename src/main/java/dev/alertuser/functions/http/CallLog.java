package dev.alertuser.functions.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.azure.functions.ExecutionContext;
import dev.alertuser.config.SettingsException;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.LookupOutcome;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.alert.LookupResult.Rejected;
import dev.alertuser.service.alert.LookupResult.Source;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/**
 * The log line of a call: a JSON object that begins with the member {@code event}. Queries use its names, and {@code infra/README.md}
 * explains them. The line may name an alert, never a person.
 */
public final class CallLog {
    private final ExecutionContext context;
    private final long start = System.nanoTime();
    private final Map<Field, Object> members = new EnumMap<>(Field.class);
    private int alerts;

    /** The members of the line, in their order. */
    public enum Field {
        EVENT("event"),
        ENTRY("entry"),
        AS("as"),
        OUTCOME("outcome"),
        CODE("code"),
        SOURCE("source"),
        ALERT_ID("alertId"),
        ALERTS("alerts"),
        SKIPPED("skipped"),
        CORRELATION_ID("correlationId"),
        TRACEPARENT("traceparent"),
        PERMITS("permits"),
        WAIT_MS("waitMs"),
        DEFENDER_STATUS("defenderStatus"),
        DEFENDER_DENIED("defenderDenied"),
        DEFENDER_THROTTLED("defenderThrottled"),
        DEFENDER_MS("defenderMs"),
        DEFENDER_CORRELATION_ID("defenderCorrelationId"),
        RETRY_AFTER_SECONDS("retryAfterSeconds"),
        DEFERRALS("deferrals"),
        AGE_SECONDS("ageSeconds"),
        DURATION_MS("durationMs");

        private final String label;

        Field(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    public CallLog(ExecutionContext context) {
        this.context = context;
        members.put(Field.EVENT, "call");
        members.put(Field.ENTRY, context.getFunctionName());
    }

    public void put(Field field, @Nullable Object value) {
        if (value == null) {
            members.remove(field);
        } else {
            members.put(field, value);
        }
    }

    public void correlation(Correlation correlation) {
        put(Field.CORRELATION_ID, correlation.id());
        put(Field.TRACEPARENT, correlation.traceparent());
    }

    /**
     * Adds one lookup. Several are summed up; refusals and throttling have separate counts, so that neither hides the other from an alert
     * rule.
     */
    public void lookup(AlertId alertId, LookupOutcome outcome) {
        LookupResult result = outcome.result();
        alerts++;
        members.merge(Field.PERMITS, outcome.permits(), (a, b) -> (Integer) a + (Integer) b);
        longest(Field.WAIT_MS, outcome.waited());
        if (outcome.call() != null) {
            longest(Field.DEFENDER_MS, outcome.call());
            status(result.match(
                    f -> f.origin().status(),
                    n -> n.origin().status(),
                    r -> r.origin().status(),
                    Deferred::status));
            refusal(result);
        }
        if (result instanceof Deferred deferred) {
            members.putIfAbsent(Field.CODE, ErrorCode.of(deferred.reason()).code());
        } else if (result instanceof Rejected) {
            members.putIfAbsent(Field.CODE, ErrorCode.ALERT_ID_REJECTED.code());
        }
        if (alerts == 1) {
            put(Field.ALERT_ID, alertId.value());
            put(
                    Field.OUTCOME,
                    result.match(
                            found -> "found", notFound -> "notFound", rejected -> "failed", deferred -> "deferred"));
            put(Field.SOURCE, source(outcome));
            put(Field.DEFENDER_CORRELATION_ID, correlationId(result));
        } else {
            // From the second alert on, members of a single one would mislead.
            put(Field.ALERTS, alerts);
            put(Field.OUTCOME, "several");
            put(Field.ALERT_ID, null);
            put(Field.SOURCE, null);
            put(Field.DEFENDER_CORRELATION_ID, null);
        }
    }

    private void longest(Field field, Duration time) {
        members.merge(field, time.toMillis(), (a, b) -> Math.max((Long) a, (Long) b));
    }

    private void status(int status) {
        if (status > 0) {
            members.merge(Field.DEFENDER_STATUS, status, (a, b) -> Math.max((Integer) a, (Integer) b));
        }
    }

    /** Those that an operator has to look into; that a user may not see an alert is none. */
    private void refusal(LookupResult result) {
        if (!(result instanceof Deferred deferred)) {
            return;
        }
        if (deferred.reason() == Reason.DEFENDER_ACCESS_DENIED) {
            addOne(Field.DEFENDER_DENIED);
        } else if (deferred.reason() == Reason.DEFENDER_THROTTLED) {
            addOne(Field.DEFENDER_THROTTLED);
        }
    }

    private void addOne(Field field) {
        members.merge(field, 1, (a, b) -> (Integer) a + (Integer) b);
    }

    private static @Nullable String source(LookupOutcome outcome) {
        Origin origin = origin(outcome.result());
        if (origin == null) {
            return null;
        }
        if (origin.source() == Source.CACHED) {
            return "kept";
        }
        return outcome.call() == null ? "shared" : "defender";
    }

    private static @Nullable Origin origin(LookupResult result) {
        return result.<Optional<Origin>>match(
                        found -> Optional.of(found.origin()),
                        notFound -> Optional.of(notFound.origin()),
                        rejected -> Optional.of(rejected.origin()),
                        deferred -> Optional.empty())
                .orElse(null);
    }

    private static @Nullable String correlationId(LookupResult result) {
        Origin origin = origin(result);
        return origin == null ? ((Deferred) result).correlationId() : origin.correlationId();
    }

    /** Adds the error that the caller gets. */
    void error(ApiError error) {
        put(Field.CODE, error.code().code());
        put(Field.RETRY_AFTER_SECONDS, error.retryAfterSeconds());
        // A failure of the app that is already recorded outranks the status of its answer.
        members.putIfAbsent(Field.OUTCOME, error.code().status().value() < 500 ? "invalid" : "failed");
    }

    /** Adds that a queued request is deferred because of wrong settings. Logged as severe each time, since an operator must act. */
    public void wrongSettings(Duration delay, SettingsException e) {
        put(Field.OUTCOME, "deferred");
        put(Field.CODE, ErrorCode.INTERNAL_ERROR.code());
        put(Field.RETRY_AFTER_SECONDS, delay.toSeconds());
        context.getLogger().log(Level.SEVERE, "the settings are wrong, so the request is deferred: " + e.getMessage());
    }

    /** Adds a failure of the app, which overrides any earlier outcome. */
    public void failed() {
        members.put(Field.OUTCOME, "failed");
        members.putIfAbsent(Field.CODE, ErrorCode.INTERNAL_ERROR.code());
    }

    /** Writes a separate line about a problem for an operator, with the same correlation id. */
    public void problem(Level level, String what, Throwable cause) {
        Object correlationId = members.get(Field.CORRELATION_ID);
        String line = correlationId == null ? what : what + ", correlationId=" + correlationId;
        context.getLogger().log(level, line, cause);
    }

    /** Writes the line if the call looked up an alert or failed through a fault of the app. */
    void writeIfTelling() {
        if (alerts > 0 || ErrorCode.INTERNAL_ERROR.code().equals(members.get(Field.CODE))) {
            write();
        }
    }

    public void write() {
        members.putIfAbsent(Field.OUTCOME, "done");
        members.put(Field.DURATION_MS, (System.nanoTime() - start) / 1_000_000);
        ObjectNode line = Json.object();
        members.forEach((field, value) -> line.putPOJO(field.label(), value));
        context.getLogger().log(level(), Json.write(line));
    }

    private Level level() {
        boolean grave = "failed".equals(members.get(Field.OUTCOME))
                || ErrorCode.DEFENDER_ACCESS_DENIED.code().equals(members.get(Field.CODE));
        return grave ? Level.SEVERE : Level.INFO;
    }
}
