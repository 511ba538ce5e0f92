package dev.alertuser.functions.operate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import dev.alertuser.Application.HealthParts;
import dev.alertuser.config.SettingsException;
import dev.alertuser.functions.http.Json;
import dev.alertuser.functions.http.Responses;
import dev.alertuser.service.Readiness.Verdict;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Health in the shape of {@code application/health+json}: {@code {"status":"pass"|"fail"}}, with {@code checks} and the release for callers
 * with a key.
 *
 * @param checks the fault of each check by name; empty if it passes
 * @param notes likewise for checks that only warn, since lookups work all the same
 * @param at time of the checks; null if none was made
 * @see <a href="https://datatracker.ietf.org/doc/html/draft-inadarei-api-health-check-06">Health check response format</a>
 */
record HealthResponse(
        Map<String, Optional<String>> checks,
        Map<String, Optional<String>> notes,
        @Nullable Instant at) {
    private static final String TYPE = "application/health+json";

    static HttpResponseMessage live(Responses responses) {
        return new HealthResponse(Map.of(), Map.of(), null).ready(responses);
    }

    /** Wrong settings, with which the app cannot start, are a failed check; its message names the setting. */
    static HealthResponse of(Supplier<HealthParts> parts) throws InterruptedException {
        Map<String, Optional<String>> checks = new LinkedHashMap<>();
        try {
            Verdict verdict = parts.get().readiness().check();
            checks.put("settings", Optional.empty());
            checks.put("counter", verdict.counter());
            checks.put("token", verdict.token());
            return new HealthResponse(checks, Map.of(), verdict.at());
        } catch (SettingsException e) {
            checks.put("settings", Optional.of(String.valueOf(e.getMessage())));
            return new HealthResponse(checks, Map.of(), null);
        }
    }

    /** Adds the notes, which only callers with a key see and which cost one more read. */
    static HealthResponse ofAll(Supplier<HealthParts> parts) throws InterruptedException {
        HealthResponse answer = of(parts);
        Map<String, Optional<String>> notes = new LinkedHashMap<>();
        if (answer.at != null) {
            HealthParts health = parts.get();
            notes.put("purge", Purge.fault(health.retention(), health.time().instant()));
        }
        return new HealthResponse(answer.checks, notes, answer.at);
    }

    HttpResponseMessage ready(Responses responses) {
        return answer(responses, status(isGood()));
    }

    HttpResponseMessage detail(Responses responses, Release release) {
        ObjectNode body = status(isGood());
        body.put("version", release.version());
        body.put("releaseId", release.commit());
        ObjectNode members = body.putObject("checks");
        checks.forEach((name, fault) -> members.putArray(name).add(check(fault, "fail")));
        notes.forEach((name, fault) -> members.putArray(name).add(check(fault, "warn")));
        return answer(responses, body);
    }

    private boolean isGood() {
        return checks.values().stream().allMatch(Optional::isEmpty);
    }

    private HttpResponseMessage answer(Responses responses, ObjectNode body) {
        return responses
                .respond(isGood() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .header("Content-Type", TYPE)
                .header("Cache-Control", "no-store")
                .body(Json.write(body))
                .build();
    }

    private ObjectNode check(Optional<String> fault, String otherwise) {
        ObjectNode check = Json.object().put("status", fault.isEmpty() ? "pass" : otherwise);
        if (at != null) {
            check.put("time", at.toString());
        }
        fault.ifPresent(output -> check.put("output", output));
        return check;
    }

    private static ObjectNode status(boolean good) {
        return Json.object().put("status", good ? "pass" : "fail");
    }
}
