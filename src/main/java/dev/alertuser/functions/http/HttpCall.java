package dev.alertuser.functions.http;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import dev.alertuser.payload.AlertIds;
import dev.alertuser.payload.json.InvalidBodyException;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.CorrelationIds;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One HTTP request, with the log line of its call. */
public final class HttpCall {
    static final String CLIENT_REQUEST_ID = "x-ms-client-request-id";

    /** Headers with the caller's own id of a call (request, workflow run or event), the first that is present taking precedence. */
    private static final List<String> CALLER_IDS =
            List.of(CLIENT_REQUEST_ID, "x-ms-client-tracking-id", "ce-correlationid", "ce-id");

    private final HttpRequestMessage<Optional<String>> request;
    private final ExecutionContext context;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final CallLog log;

    HttpCall(HttpRequestMessage<Optional<String>> request, ExecutionContext context) {
        this.request = request;
        this.context = context;
        this.headers.putAll(request.getHeaders());
        this.log = new CallLog(context);
        this.log.correlation(correlation());
    }

    /** The invocation's id, which the answer repeats as {@code x-ms-request-id}. */
    public String id() {
        return context.getInvocationId();
    }

    /** The log line of this call, which also writes separate lines about problems. */
    public CallLog log() {
        return log;
    }

    public boolean isMethod(HttpMethod method) {
        return request.getHttpMethod() == method;
    }

    /** Empty if there is none; a chunked body arrives as empty, too. */
    public String body() {
        return request.getBody().orElse("");
    }

    /**
     * The alert ids in the body; none if the body has a known format without alerts of Defender for Endpoint. Malformed ids do not affect
     * valid ones.
     *
     * @throws RequestException if the body cannot be read
     */
    public AlertIds alertIds() {
        try {
            return header("ce-specversion") == null
                    ? AlertIds.ofBody(body(), AlertIds.MOST_ALERTS)
                    : AlertIds.ofEventData(body(), AlertIds.MOST_ALERTS);
        } catch (InvalidBodyException e) {
            throw new RequestException(ErrorCode.of(e.reason()), e.getMessage());
        }
    }

    /**
     * Absolute URL of a path of this app: at {@code publicUrl}, or without one at the host that this request names. The request's URI is
     * not parsed, since its query may hold characters that no URI can.
     */
    public String absolute(@Nullable URI publicUrl, String path) {
        if (publicUrl != null) {
            return publicUrl + path;
        }
        String scheme = "https".equals(headers.get("x-forwarded-proto")) ? "https" : "http";
        return scheme + "://" + headers.getOrDefault("host", "localhost") + path;
    }

    public @Nullable String query(String name) {
        return request.getQueryParameters().get(name);
    }

    public Map<String, String> query() {
        return request.getQueryParameters();
    }

    /** The header of that name, in any letter case; null if there is none. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /** All headers; their names are case-insensitive. */
    public Map<String, String> headers() {
        return Collections.unmodifiableMap(headers);
    }

    /** The caller's own id of the call, else the invocation's, with the caller's trace context. */
    public Correlation correlation() {
        String traceparent = headers.get("traceparent");
        return new Correlation(
                CALLER_IDS.stream()
                        .flatMap(name -> headerId(name).stream())
                        .findFirst()
                        .orElse(context.getInvocationId()),
                traceparent != null && CorrelationIds.isTraceparent(traceparent) ? traceparent : null);
    }

    /** An id that the caller chose. It goes into headers and log lines, so one with characters that have a meaning there is ignored. */
    Optional<String> headerId(String name) {
        return Optional.ofNullable(headers.get(name)).filter(CorrelationIds::isValid);
    }

    HttpResponseMessage.Builder responseBuilder(HttpStatus status) {
        return request.createResponseBuilder(status);
    }
}
