package dev.alertuser.functions.lookup;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import dev.alertuser.functions.http.AlertOutcome;
import dev.alertuser.functions.http.AlertOutcome.Outcome;
import dev.alertuser.functions.http.Json;
import dev.alertuser.functions.http.LeftOutJson;
import dev.alertuser.functions.http.Responses;
import dev.alertuser.functions.http.Seconds;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.LeftOut;
import dev.alertuser.service.alert.LeftOut.Kind;
import dev.alertuser.service.alert.LeftOut.Part;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The HTTP response for many alerts: {@code {"results": [an outcome for each alert, and then for each part that cannot be read],
 * "accounts": [each Sentinel entity once], "summary": {the number of alerts with each outcome, and of parts that were left out}, "skipped":
 * [each part that was left out, with the reason], "duplicates": [each repeated id]}}.
 */
final class AlertUsersResponse {
    private static final List<Outcome> OUTCOMES =
            List.of(Outcome.FOUND, Outcome.NOT_FOUND, Outcome.DEFERRED, Outcome.FAILED);

    private final List<AlertOutcome> outcomes = new ArrayList<>();
    private final Optional<Duration> retryAfter;
    private final LeftOut leftOut;

    AlertUsersResponse(Map<AlertId, LookupResult> results, LeftOut leftOut) {
        results.forEach((alertId, result) -> outcomes.add(AlertOutcome.of(alertId, result)));
        this.retryAfter = retryAfter(results.values());
        this.leftOut = leftOut;
    }

    /** Time until a retry is worthwhile for the first deferred alert; empty if none is deferred. */
    static Optional<Duration> retryAfter(Collection<LookupResult> results) {
        return results.stream()
                .filter(result ->
                        result instanceof Deferred deferred && deferred.reason().passes())
                .map(result -> ((Deferred) result).retryAfter())
                .min(Duration::compareTo);
    }

    HttpResponseMessage to(Responses responses) {
        Map<String, String> headers = retryAfter
                .map(pause -> Map.of("Retry-After", Long.toString(Seconds.ofRetryAfter(pause))))
                .orElse(Map.of());
        ObjectNode body = Json.object();
        ArrayNode results = body.putArray("results");
        outcomes.forEach(outcome -> results.add(outcome.toJson()));
        leftOut.parts(Kind.INVALID).forEach(part -> results.add(invalid(part)));
        ArrayNode accounts = body.putArray("accounts");
        outcomes.stream()
                .flatMap(outcome -> outcome.account().stream())
                .distinct()
                .forEach(account -> accounts.add(account.toJson()));
        ObjectNode summary = body.putObject("summary").put("alerts", outcomes.size());
        OUTCOMES.forEach(outcome -> summary.put(outcome.label(), count(outcome)));
        summary.put("invalid", leftOut.invalid())
                .put("skipped", leftOut.skipped())
                .put("duplicates", leftOut.duplicates());
        body.set("skipped", LeftOutJson.skipped(leftOut));
        body.set("duplicates", LeftOutJson.duplicates(leftOut));
        return responses.json(HttpStatus.OK, body, headers);
    }

    /** The outcome of a part that cannot be read; it does not affect the others. */
    private static ObjectNode invalid(Part part) {
        ObjectNode json = Json.object()
                .putNull("alertId")
                .put("outcome", Outcome.INVALID.label())
                .putNull("source")
                .putNull("user")
                .putNull("account");
        json.set("error", LeftOutJson.error(part));
        return json;
    }

    private long count(Outcome outcome) {
        return outcomes.stream().filter(one -> one.outcome() == outcome).count();
    }
}
