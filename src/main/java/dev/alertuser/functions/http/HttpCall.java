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

/** One HTTP request as it came in, with the log line that the call will leave. */
public final class HttpCall {
    static final String CLIENT_REQUEST_ID = "x-ms-client-request-id";

    /** Where callers put their own id of a call: their request, their workflow run, their event. The first one that is present counts. */
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

    /** For the line of this call, and for what must stand in the log beside it. */
    public CallLog log() {
        return log;
    }

    public boolean isMethod(HttpMethod method) {
        return request.getHttpMethod() == method;
    }

    /** Empty if there is none; a chunked body arrives like that, too. */
    public String body() {
        return request.getBody().orElse("");
    }

    /**
     * The alert ids in the body; none if the body is of a known kind without alerts of Defender for Endpoint. Bad ids do not spoil good ones.
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
     * Where callers reach a path of this app: at {@code publicUrl}, or without one at the host that this request names. The request's URI is
     * not parsed, since a query may hold what no URI can.
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

    /** Their names compare without regard to letter case. */
    public Map<String, String> headers() {
        return Collections.unmodifiableMap(headers);
    }

    /** The caller's own id of the call, or the invocation's; and the caller's trace context. */
    public Correlation correlation() {
        String traceparent = headers.get("traceparent");
        return new Correlation(
                CALLER_IDS.stream()
                        .flatMap(name -> headerId(name).stream())
                        .findFirst()
                        .orElse(context.getInvocationId()),
                traceparent != null && CorrelationIds.isTraceparent(traceparent) ? traceparent : null);
    }

    /** An id that the caller made. It goes into headers and log lines, so it may hold nothing that has a meaning there. */
    Optional<String> headerId(String name) {
        return Optional.ofNullable(headers.get(name)).filter(CorrelationIds::isValid);
    }

    HttpResponseMessage.Builder responseBuilder(HttpStatus status) {
        return request.createResponseBuilder(status);
    }
}
