package dev.alertuser.functions.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.budget.RateLimiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Builds the responses to one call, with the headers that every response carries. Does no I/O. */
public final class Responses {
    public static final String JSON = "application/json; charset=utf-8";
    private static final String PROBLEM_JSON = "application/problem+json";
    private static final String QUOTA_EXCEEDED = "https://iana.org/assignments/http-problem-types#quota-exceeded";

    private final HttpCall call;
    private Supplier<Map<String, String>> budgetHeaders;
    private final List<String> preferencesApplied = new ArrayList<>();
    private @Nullable Correlation earlier;

    Responses(HttpCall call, Supplier<Map<String, String>> budgetHeaders) {
        this.call = call;
        this.budgetHeaders = budgetHeaders;
    }

    /** Adds a preference to {@code Preference-Applied} of all later responses. */
    public void applied(String preference) {
        preferencesApplied.add(preference);
    }

    /** Makes all later responses tell of this budget. */
    public void counts(RateLimiter limiter) {
        budgetHeaders = () -> RateLimitHeaders.of(limiter.lastSeenWindows());
    }

    /** Makes this call part of an earlier one, whose id the responses repeat unless this call has an id of its own. */
    public void continues(Correlation correlation) {
        earlier = correlation;
        call.log().correlation(correlation);
    }

    /** A response without a body yet. */
    public HttpResponseMessage.Builder respond(HttpStatus status) {
        HttpResponseMessage.Builder response = call.responseBuilder(status)
                .header("x-ms-request-id", call.id())
                .header("X-Content-Type-Options", "nosniff");
        call.headerId(HttpCall.CLIENT_REQUEST_ID)
                .or(() -> Optional.ofNullable(earlier).map(Correlation::id))
                .ifPresent(id -> response.header(HttpCall.CLIENT_REQUEST_ID, id));
        if (!preferencesApplied.isEmpty()) {
            response.header("Preference-Applied", String.join(", ", preferencesApplied));
        }
        budgetHeaders.get().forEach(response::header);
        return response;
    }

    /** A JSON response that no cache may store. */
    public HttpResponseMessage json(HttpStatus status, ObjectNode body, Map<String, String> headers) {
        HttpResponseMessage.Builder response =
                respond(status).header("Content-Type", JSON).header("Cache-Control", "no-store");
        headers.forEach(response::header);
        return response.body(Json.write(body)).build();
    }

    /** An error response: {@code application/problem+json} for callers that accept it, else Azure's form. */
    public HttpResponseMessage error(ApiError error) {
        return error(error, Map.of());
    }

    /** The same, with more headers. */
    HttpResponseMessage error(ApiError error, Map<String, String> headers) {
        call.log().error(error);
        HttpResponseMessage.Builder response = respond(error.code().status())
                .header("x-ms-error-code", error.code().code())
                .header("Cache-Control", "no-store");
        Long retryAfter = error.retryAfterSeconds();
        if (retryAfter != null) {
            response.header("Retry-After", retryAfter.toString());
        }
        String target = error.target();
        if (target != null) {
            response.header("x-ms-correlation-request-id", target);
        }
        headers.forEach(response::header);
        boolean problem = call.headers().getOrDefault("accept", "").contains(PROBLEM_JSON);
        return response.header("Content-Type", problem ? PROBLEM_JSON : JSON)
                .body(Json.write(problem ? problem(error) : error.toJson()))
                .build();
    }

    private ObjectNode problem(ApiError error) {
        boolean quota = error.code().status() == HttpStatus.TOO_MANY_REQUESTS;
        return Json.object()
                .put("type", quota ? QUOTA_EXCEEDED : "about:blank")
                .put("title", error.code().title())
                .put("status", error.code().status().value())
                .put("detail", error.message())
                .put("instance", "urn:uuid:" + call.id())
                .put("code", error.code().code());
    }
}
