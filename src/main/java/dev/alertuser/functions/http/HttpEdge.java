package dev.alertuser.functions.http;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import dev.alertuser.Application.EdgeParts;
import dev.alertuser.config.SettingsException;
import dev.alertuser.service.port.IdentityUnavailableException;
import dev.alertuser.service.port.MessageQueueException;
import dev.alertuser.service.port.StoreUnavailableException;
import dev.alertuser.service.user.SignInException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;

/**
 * The edge between the Functions worker and an HTTP function. It answers each request, whatever the handler throws, and writes the log line
 * of the call.
 *
 * <p>This is the only place that catches everything: after an {@code Error} the worker sends no answer at all, and after an exception no
 * useful one.
 */
public final class HttpEdge {
    private final Supplier<Optional<EdgeParts>> parts;

    /** The work of a function for one call. */
    @FunctionalInterface
    public interface Handler {
        HttpResponseMessage handle(HttpCall call, Responses responses) throws InterruptedException;
    }

    /** @param parts empty until the app is built; an edge never builds it */
    public HttpEdge(Supplier<Optional<EdgeParts>> parts) {
        this.parts = parts;
    }

    /** An edge for functions that answer without the app. Its answers have no budget headers. */
    public static HttpEdge withoutApp() {
        return new HttpEdge(Optional::empty);
    }

    /** Answers a caller with a key: with the budget headers, and always with a log line. */
    public HttpResponseMessage answer(
            HttpRequestMessage<Optional<String>> request, ExecutionContext context, Handler handler) {
        HttpCall call = new HttpCall(request, context);
        HttpResponseMessage response = answer(call, this::budgetHeaders, handler);
        call.log().write();
        BudgetLog.write(parts, context);
        return response;
    }

    /**
     * Answers a caller without a key, without the budget headers. Such calls are counted. Anybody could fill the log with lines, so only a
     * call that looked up an alert or met a fault of the app writes one.
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
        } catch (SignInException e) {
            return responses.error(SignInError.of(e), SignInError.headers(e));
        } catch (IdentityUnavailableException e) {
            log.problem(Level.SEVERE, "no token on behalf of a user", e);
            return responses.error(ApiError.of(
                    ErrorCode.IDENTITY_UNAVAILABLE, "Entra ID, or the app's identity endpoint, gave no token."));
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
                    "The app failed. Its log has the details under request id " + call.id() + "."));
        }
    }
}
