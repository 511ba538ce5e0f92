package dev.alertuser.functions.queue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.functions.http.AlertOutcome;
import dev.alertuser.functions.http.AlertOutcome.Outcome;
import dev.alertuser.functions.http.ApiError;
import dev.alertuser.functions.http.ErrorCode;
import dev.alertuser.functions.http.Json;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.AlertUser;
import dev.alertuser.service.alert.LookupResult.Source;
import java.time.Instant;

/** The messages that the queue functions send, for tests of their consumers. */
public final class QueueOutput {
    private QueueOutput() {}

    /** A message of the results queue with every possible member. */
    public static JsonNode resultMessage() {
        Instant noon = Instant.parse("2026-01-01T12:00:00Z");
        AlertUser user = new AlertUser("{}", "contoso\\jane", "jane", "contoso", "S-1-5-18");
        AlertOutcome alert = new AlertOutcome(
                new AlertId("da1"), Outcome.FOUND, user, ApiError.of(ErrorCode.REQUEST_EXPIRED, null), Source.DEFENDER);
        return Json.read(new ResultMessage(alert, "run-1", "00-trace", noon, noon, 1, "da1").toText());
    }
}
