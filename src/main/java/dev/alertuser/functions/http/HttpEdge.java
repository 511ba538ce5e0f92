package dev.alertuser.functions.http;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import dev.alertuser.Application.EdgeParts;
import dev.alertuser.config.SettingsException;
import dev.alertuser.service.port.MessageQueueException;
import dev.alertuser.service.port.StoreUnavailableException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;

/**
 * The edge between the Functions worker and an HTTP function. It answers each request, whatever happens, and writes the log line of the call.
 *
 * <p>This is the one place that catches everything: the worker sends no answer at all after an error that is no exception, and says nothing
 * useful of an exception.
 */
public final class HttpEdge {
    private final Supplier<Optional<EdgeParts>> parts;

    /** What a function does with a call. */
    @FunctionalInterface
    public interface Handler {
        HttpResponseMessage handle(HttpCall call, Responses responses) throws InterruptedException;
    }

    /** @param parts empty as long as the app is not built: an edge never builds it */
    public HttpEdge(Supplier<Optional<EdgeParts>> parts) {
        this.parts = parts;
    }

    /** For what must be answered without the app. Its answers say nothing of the budget. */
    public static HttpEdge withoutApp() {
        return new HttpEdge(Optional::empty);
    }

    /** Answers a caller with a key: with the headers of the budget, and always with a log line. */
    public HttpResponseMessage answer(
            HttpRequestMessage<Optional<String>> request, ExecutionContext context, Handler handler) {
        HttpCall call = new HttpCall(request, context);
        HttpResponseMessage response = answer(call, this::budgetHeaders, handler);
        call.log().write();
        BudgetLog.write(parts, context);
        return response;
    }

    /**
     * Answers a caller without a key. Such callers learn nothing of the budget, and are counted: anybody could fill the log with lines, so
     * only a call that looked an alert up or met a fault of ours leaves one.
     */
    public HttpResponseMessage answerAnonymous(
            HttpRequestMessage<Optional<String>> request, ExecutionContext context, Handler handler) {
        HttpCall call = new HttpCall(request, context);
        HttpResponseMessage response = answer(call, Map::of, handler);
        call.log().writeIfTelling();
        parts.get().ifPresent(edge -> edge.anonymous().count());
        BudgetLog.write(parts, context);
        return response;
    }

    private Map<String, String> budgetHeaders() {
        return parts.get()
                .map(edge -> RateLimitHeaders.of(edge.limiter().lastSeenWindows()))
                .orElse(Map.of());
    }

    private static HttpResponseMessage answer(
            HttpCall call, Supplier<Map<String, String>> budgetHeaders, Handler handler) {
        Responses responses = new Responses(call, budgetHeaders);
        CallLog log = call.log();
        try {
            return handler.handle(call, responses);
        } catch (RequestException e) {
            return responses.error(ApiError.of(e.code(), e.getMessage()));
        } catch (SettingsException e) {
            log.failed();
            return responses.error(ApiError.of(
                    ErrorCode.INTERNAL_ERROR,
                    "The app's settings are wrong. GET /api/health/detail says which one, and so does the log."));
        } catch (StoreUnavailableException e) {
            log.problem(Level.SEVERE, "the table of lookups is out of reach", e);
            return responses.error(ApiError.of(ErrorCode.LOOKUPS_UNAVAILABLE, null));
        } catch (MessageQueueException e) {
            log.problem(Level.SEVERE, "the queue is out of reach", e);
            return responses.error(ApiError.of(ErrorCode.QUEUE_UNAVAILABLE, null));
        } catch (Throwable t) {
            if (t instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            log.problem(Level.SEVERE, "call " + call.id() + " failed", t);
            log.failed();
            return responses.error(ApiError.of(
                    ErrorCode.INTERNAL_ERROR,
                    "The app failed. Its log tells more under request id " + call.id() + "."));
        }
    }
}
