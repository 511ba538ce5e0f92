package dev.alertuser.functions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import dev.alertuser.Application;
import dev.alertuser.Lazy;
import dev.alertuser.Settings;
import dev.alertuser.SettingsException;
import dev.alertuser.payload.AlertIds;
import dev.alertuser.payload.CorrelationIds;
import dev.alertuser.payload.InvalidBodyException;
import dev.alertuser.service.Correlation;
import dev.alertuser.service.MessageQueueException;
import dev.alertuser.service.StoreUnavailableException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/** One HTTP request and the answers to it, with the headers that every answer carries. */
final class HttpCall {
    static final String JSON = "application/json; charset=utf-8";
    private static final String PROBLEM_JSON = "application/problem+json";
    private static final String QUOTA_EXCEEDED = "https://iana.org/assignments/http-problem-types#quota-exceeded";
    private static final String CLIENT_REQUEST_ID = "x-ms-client-request-id";

    /** Where callers put their own id of a call, the first that is there counts: their request, their workflow run, their event. */
    private static final List<String> CALLER_IDS =
            List.of(CLIENT_REQUEST_ID, "x-ms-client-tracking-id", "ce-correlationid", "ce-id");

    private final HttpRequestMessage<Optional<String>> request;
    private final ExecutionContext context;
    private final Supplier<Map<String, String>> budgetHeaders;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final CallLog log;
    private final List<String> preferencesApplied = new ArrayList<>();
    private @Nullable Correlation continued;

    /** What a function does with a call. */
    @FunctionalInterface
    interface Handler {
        HttpResponseMessage handle(HttpCall call) throws InterruptedException;
    }

    private HttpCall(
            HttpRequestMessage<Optional<String>> request,
            ExecutionContext context,
            Supplier<Map<String, String>> budgetHeaders) {
        this.request = request;
        this.context = context;
        this.budgetHeaders = budgetHeaders;
        this.headers.putAll(request.getHeaders());
        this.log = new CallLog(context);
        this.log.correlation(correlation());
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
        HttpCall call = new HttpCall(request, context, () -> RateLimitHeaders.of(application));
        HttpResponseMessage response = call.answer(handler);
        call.log.write();
        BudgetLog.write(application, context);
        return response;
    }

    /** The same without a word on the budget, for what must be answered without the app. */
    static HttpResponseMessage answerWithoutBudget(
            HttpRequestMessage<Optional<String>> request, ExecutionContext context, Handler handler) {
        HttpCall call = new HttpCall(request, context, Map::of);
        HttpResponseMessage response = call.answer(handler);
        call.log.write();
        return response;
    }

    /**
     * The same for callers without a key. They learn nothing of the budget, and are counted: anybody could fill the log with lines, so only a
     * call that looked an alert up or met a fault of ours leaves one.
     */
    static HttpResponseMessage answerAnonymous(
            HttpRequestMessage<Optional<String>> request,
            ExecutionContext context,
            Lazy<Application> application,
            Handler handler) {
        HttpCall call = new HttpCall(request, context, Map::of);
        HttpResponseMessage response = call.answer(handler);
        call.log.writeIfTelling();
        application.ifMade().ifPresent(app -> app.anonymous().count());
        BudgetLog.write(application, context);
        return response;
    }

    private HttpResponseMessage answer(Handler handler) {
        try {
            return handler.handle(this);
        } catch (RequestException e) {
            return error(ApiError.of(e.code(), e.getMessage()));
        } catch (SettingsException e) {
            log.failed();
            return error(ApiError.of(
                    ErrorCode.INTERNAL_ERROR,
                    "The app's settings are wrong. GET /api/health/detail says which one, and so does the log."));
        } catch (StoreUnavailableException e) {
            log.problem(Level.SEVERE, "the table of lookups is out of reach", e);
            return error(ApiError.of(ErrorCode.LOOKUPS_UNAVAILABLE, null));
        } catch (MessageQueueException e) {
            log.problem(Level.SEVERE, "the queue is out of reach", e);
            return error(ApiError.of(ErrorCode.QUEUE_UNAVAILABLE, null));
        } catch (Throwable t) {
            if (t instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            log.problem(Level.SEVERE, "call " + context.getInvocationId() + " failed", t);
            log.failed();
            return error(ApiError.of(
                    ErrorCode.INTERNAL_ERROR,
                    "The app failed. Its log tells more under request id " + context.getInvocationId() + "."));
        }
    }

    /** The line that this call leaves in the log. */
    CallLog log() {
        return log;
    }

    Preferences preferences() {
        return Preferences.of(headers, request.getQueryParameters());
    }

    /** How long the caller waits, which each answer from now on repeats if the caller said it. */
    Duration honourWait(Preferences preferences, Settings settings) {
        Duration wait = preferences.waitWithin(settings);
        if (preferences.maxWait().isPresent()) {
            honour("wait=" + wait.toSeconds());
        }
        return wait;
    }

    /** Says in each answer from now on that a preference is honoured. */
    void honour(String preference) {
        preferencesApplied.add(preference);
    }

    boolean isMethod(HttpMethod method) {
        return request.getHttpMethod() == method;
    }

    /** Empty if there is none; that is also how a chunked body arrives. */
    String body() {
        return request.getBody().orElse("");
    }

    /**
     * The ids in the body; none if it is of a known kind without alerts of Defender for Endpoint. Bad ones among good ones do no harm.
     *
     * @throws RequestException if the body cannot be read
     */
    AlertIds alertIds(int limit) {
        try {
            return header("ce-specversion") == null
                    ? AlertIds.ofBody(body(), limit)
                    : AlertIds.ofEventData(body(), limit);
        } catch (InvalidBodyException e) {
            throw new RequestException(ErrorCode.of(e.reason()), e.getMessage());
        }
    }

    /**
     * Where callers reach a path of this app: at the address that the settings say, else at the host that this request was for. The request's
     * URI is left alone, since a query may hold what no URI can.
     */
    String absolute(Settings settings, String path) {
        URI base = settings.publicUrl();
        if (base != null) {
            return base + path;
        }
        String scheme = "https".equals(headers.get("x-forwarded-proto")) ? "https" : "http";
        return scheme + "://" + headers.getOrDefault("host", "localhost") + path;
    }

    @Nullable
    String query(String name) {
        return request.getQueryParameters().get(name);
    }

    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    Correlation correlation() {
        String traceparent = headers.get("traceparent");
        return new Correlation(
                CALLER_IDS.stream()
                        .flatMap(name -> plain(name).stream())
                        .findFirst()
                        .orElse(context.getInvocationId()),
                traceparent != null && CorrelationIds.isTraceparent(traceparent) ? traceparent : null);
    }

    /** Makes this call part of an earlier one, whose id the answers repeat unless this call has its own. */
    void continues(Correlation earlier) {
        continued = earlier;
        log.correlation(earlier);
    }

    /** An answer without a body yet. */
    HttpResponseMessage.Builder respond(HttpStatus status) {
        HttpResponseMessage.Builder response = request.createResponseBuilder(status)
                .header("x-ms-request-id", context.getInvocationId())
                .header("X-Content-Type-Options", "nosniff");
        plain(CLIENT_REQUEST_ID)
                .or(() -> Optional.ofNullable(continued).map(Correlation::id))
                .ifPresent(id -> response.header(CLIENT_REQUEST_ID, id));
        if (!preferencesApplied.isEmpty()) {
            response.header("Preference-Applied", String.join(", ", preferencesApplied));
        }
        budgetHeaders.get().forEach(response::header);
        return response;
    }

    /** An answer for this caller and this moment only. */
    HttpResponseMessage json(HttpStatus status, ObjectNode body, Map<String, String> headers) {
        HttpResponseMessage.Builder response =
                respond(status).header("Content-Type", JSON).header("Cache-Control", "no-store");
        headers.forEach(response::header);
        return response.body(Json.write(body)).build();
    }

    HttpResponseMessage error(ApiError error) {
        log.error(error);
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

    /** An id of the caller's: it goes into headers and log lines, so it may hold nothing that means something there. */
    private Optional<String> plain(String name) {
        return Optional.ofNullable(headers.get(name)).filter(CorrelationIds::isValid);
    }
}
