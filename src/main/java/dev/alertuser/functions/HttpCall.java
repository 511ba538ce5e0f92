package dev.alertuser.functions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import dev.alertuser.Application;
import dev.alertuser.Lazy;
import dev.alertuser.service.Correlation;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One HTTP request and the answers to it, with the headers that every answer carries. */
final class HttpCall {
    static final String JSON = "application/json; charset=utf-8";
    private static final String PROBLEM_JSON = "application/problem+json";
    private static final String QUOTA_EXCEEDED = "https://iana.org/assignments/http-problem-types#quota-exceeded";
    private static final String CLIENT_REQUEST_ID = "x-ms-client-request-id";

    /** Ids of callers go into headers and log lines, so they may hold nothing that means something there. */
    private static final Pattern PLAIN_ID = Pattern.compile("[\\x21-\\x7E]{1,128}");

    private final HttpRequestMessage<Optional<String>> request;
    private final ExecutionContext context;
    private final Lazy<Application> application;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private @Nullable String preferenceApplied;

    /** What a function does with a call. */
    @FunctionalInterface
    interface Handler {
        HttpResponseMessage handle(HttpCall call) throws InterruptedException;
    }

    private HttpCall(
            HttpRequestMessage<Optional<String>> request, ExecutionContext context, Lazy<Application> application) {
        this.request = request;
        this.context = context;
        this.application = application;
        this.headers.putAll(request.getHeaders());
    }

    /**
     * Answers a request, whatever happens. This is the one place that catches everything: the worker answers nothing at all to an error that
     * is no exception, and says nothing useful of an exception.
     */
    static HttpResponseMessage answer(
            HttpRequestMessage<Optional<String>> request,
            ExecutionContext context,
            Lazy<Application> application,
            Handler handler) {
        HttpCall call = new HttpCall(request, context, application);
        try {
            return handler.handle(call);
        } catch (RequestException e) {
            return call.error(ApiError.of(e.code(), e.getMessage()));
        } catch (Throwable t) {
            if (t instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            context.getLogger().log(Level.SEVERE, "call " + context.getInvocationId() + " failed", t);
            return call.error(ApiError.of(
                    ErrorCode.INTERNAL_ERROR,
                    "The app failed. Its log tells more under request id " + context.getInvocationId() + "."));
        }
    }

    Preferences preferences() {
        return Preferences.of(headers, request.getQueryParameters());
    }

    /** Says in each answer from now on which preference is honoured. */
    void honour(String preference) {
        preferenceApplied = preference;
    }

    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    Correlation correlation() {
        String traceparent = headers.get("traceparent");
        return new Correlation(
                clientRequestId().orElse(context.getInvocationId()),
                traceparent != null && PLAIN_ID.matcher(traceparent).matches() ? traceparent : null);
    }

    /** An answer without a body yet. */
    HttpResponseMessage.Builder respond(HttpStatus status) {
        HttpResponseMessage.Builder response = request.createResponseBuilder(status)
                .header("x-ms-request-id", context.getInvocationId())
                .header("X-Content-Type-Options", "nosniff");
        clientRequestId().ifPresent(id -> response.header(CLIENT_REQUEST_ID, id));
        if (preferenceApplied != null) {
            response.header("Preference-Applied", preferenceApplied);
        }
        RateLimitHeaders.of(application).forEach(response::header);
        return response;
    }

    HttpResponseMessage error(ApiError error) {
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
        boolean problem = headers.getOrDefault("accept", "").contains(PROBLEM_JSON);
        return response.header("Content-Type", problem ? PROBLEM_JSON : JSON)
                .body(Json.write(problem ? problem(error) : azureError(error)))
                .build();
    }

    static ObjectNode azureError(ApiError error) {
        ObjectNode members = Json.object().put("code", error.code().code()).put("message", error.message());
        if (error.target() != null) {
            members.put("target", error.target());
        }
        return Json.object().set("error", members);
    }

    private ObjectNode problem(ApiError error) {
        boolean quota = error.code().status() == HttpStatus.TOO_MANY_REQUESTS;
        return Json.object()
                .put("type", quota ? QUOTA_EXCEEDED : "about:blank")
                .put("title", error.code().title())
                .put("status", error.code().status().value())
                .put("detail", error.message())
                .put("instance", "urn:uuid:" + context.getInvocationId())
                .put("code", error.code().code());
    }

    private Optional<String> clientRequestId() {
        return Optional.ofNullable(headers.get(CLIENT_REQUEST_ID))
                .filter(id -> PLAIN_ID.matcher(id).matches());
    }
}
