package dev.alertuser.functions.lookup;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import dev.alertuser.functions.http.CallLog;
import dev.alertuser.functions.http.HttpCall;
import dev.alertuser.functions.http.Json;
import dev.alertuser.functions.http.Responses;
import dev.alertuser.functions.http.Seconds;
import dev.alertuser.service.alert.LookupId;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code 202} for an answer that is not there yet: where to poll, and when. Its body repeats the headers, for workflows that do not
 * follow a {@code Location} by themselves.
 */
final class PendingResponse {
    /** Maximum interval of polls: even without a permit, another caller may have put the answer into the cache by then. */
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final HttpCall call;
    private final Responses responses;
    private final @Nullable URI publicUrl;
    private final String path;

    /** @param path where lookups are polled, before the id */
    PendingResponse(HttpCall call, Responses responses, @Nullable URI publicUrl, String path) {
        this.call = call;
        this.responses = responses;
        this.publicUrl = publicUrl;
        this.path = path;
    }

    /** The {@code Retry-After} to send, at most {@link #LONGEST_PAUSE}. */
    static Duration bounded(Duration retryAfter) {
        return retryAfter.compareTo(LONGEST_PAUSE) < 0 ? retryAfter : LONGEST_PAUSE;
    }

    /** @param retryAfter time until a poll is worthwhile */
    HttpResponseMessage of(LookupId id, Duration retryAfter) {
        String location = call.absolute(publicUrl, path + id.text());
        long seconds = Seconds.ofRetryAfter(bounded(retryAfter));
        ObjectNode body = Json.object()
                .put("lookupId", id.text())
                .put("status", "pending")
                .put("retryAfterSeconds", seconds)
                .put("location", location);
        call.log().put(CallLog.Field.RETRY_AFTER_SECONDS, seconds);
        return responses.json(
                HttpStatus.ACCEPTED, body, Map.of("Location", location, "Retry-After", Long.toString(seconds)));
    }
}
