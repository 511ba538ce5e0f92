package dev.alertuser.functions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import dev.alertuser.functions.AlertOutcome.Outcome;
import dev.alertuser.service.AlertId;
import dev.alertuser.service.LookupResult;
import dev.alertuser.service.LookupResult.Deferred;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What many alerts look like over HTTP: {@code {"results": [an outcome for each alert], "accounts": [each Sentinel entity once], "summary":
 * {the number of alerts with each outcome, and of alerts of other products}}}.
 */
final class AlertUsersAnswer {
    private static final List<Outcome> OUTCOMES =
            List.of(Outcome.FOUND, Outcome.NOT_FOUND, Outcome.DEFERRED, Outcome.FAILED);

    private final List<AlertOutcome> outcomes = new ArrayList<>();
    private final Optional<Duration> retryAfter;
    private final int skipped;

    AlertUsersAnswer(Map<AlertId, LookupResult> results, int skipped) {
        results.forEach((alertId, result) -> outcomes.add(AlertOutcome.of(alertId, result)));
        this.retryAfter = retryAfter(results.values());
        this.skipped = skipped;
    }

    /** Until the first of those that are put off is worth asking for again; empty if none is. */
    static Optional<Duration> retryAfter(Collection<LookupResult> results) {
        return results.stream()
                .filter(result ->
                        result instanceof Deferred deferred && deferred.reason().passes())
                .map(result -> ((Deferred) result).retryAfter())
                .min(Duration::compareTo);
    }

    HttpResponseMessage to(HttpCall call) {
        Map<String, String> headers = retryAfter
                .map(pause -> Map.of("Retry-After", Long.toString(ApiError.seconds(pause))))
                .orElse(Map.of());
        ObjectNode body = Json.object();
        ArrayNode results = body.putArray("results");
        outcomes.forEach(outcome -> results.add(outcome.toJson()));
        ArrayNode accounts = body.putArray("accounts");
        outcomes.stream()
                .flatMap(outcome -> outcome.account().stream())
                .distinct()
                .forEach(account -> accounts.add(account.toJson()));
        ObjectNode summary = body.putObject("summary").put("alerts", outcomes.size());
        OUTCOMES.forEach(outcome -> summary.put(outcome.label(), count(outcome)));
        summary.put("skipped", skipped);
        return call.json(HttpStatus.OK, body, headers);
    }

    private long count(Outcome outcome) {
        return outcomes.stream().filter(one -> one.outcome() == outcome).count();
    }
}
