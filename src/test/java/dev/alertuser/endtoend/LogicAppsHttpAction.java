package dev.alertuser.endtoend;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The HTTP action of a workflow in Azure Logic Apps, by its documented rules:
 *
 * <ul>
 *   <li>A request has 120 seconds.
 *   <li>408, 429 and 5xx are repeated up to 4 times, after {@code Retry-After} or else at growing intervals.
 *   <li>202 makes the action come back to {@code Location} after {@code Retry-After}, or else every 20 seconds, without the request's headers.
 *   <li>Some request headers are dropped.
 * </ul>
 *
 * @see <a href="https://learn.microsoft.com/azure/connectors/connectors-native-http">HTTP action</a>
 * @see <a href="https://learn.microsoft.com/azure/logic-apps/error-exception-handling">Retry policies</a>
 */
final class LogicAppsHttpAction {
    private static final Duration REQUEST_LIMIT = Duration.ofMinutes(2);
    private static final Duration DEFAULT_POLL = Duration.ofSeconds(20);
    private static final int RETRIES = 4;
    private static final Set<String> DROPPED =
            Set.of("allow", "cookie", "expires", "host", "last-modified", "origin", "set-cookie", "transfer-encoding");
    private static final Set<String> KEPT_CONTENT_HEADERS =
            Set.of("content-disposition", "content-encoding", "content-type");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Duration action;

    /** @param action how long the whole action may take */
    LogicAppsHttpAction(Duration action) {
        this.action = action;
    }

    /**
     * How an action ended.
     *
     * @param last the answer that ended it
     * @param requests all of them with their answers, as {@code GET 202}
     */
    record Run(HttpResponse<String> last, List<String> requests) {
        boolean succeeded() {
            return last.statusCode() >= 200 && last.statusCode() < 300;
        }
    }

    Run run(String method, URI uri, Optional<String> body, Map<String, String> headers)
            throws IOException, InterruptedException {
        return run(method, () -> uri, body, headers);
    }

    /** @param uri taken for each request anew: several hosts may be behind one name */
    Run run(String method, Supplier<URI> uri, Optional<String> body, Map<String, String> headers)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + action.toNanos();
        List<String> requests = new ArrayList<>();
        HttpResponse<String> response = withRetries(() -> request(method, uri.get(), body, headers), requests, end);
        while (response.statusCode() == 202) {
            String location = response.headers()
                    .firstValue("Location")
                    .orElseThrow(() -> new AssertionError("a 202 without Location: the action would ask for ever"));
            sleep(retryAfter(response).orElse(DEFAULT_POLL), end);
            response =
                    withRetries(() -> request("GET", URI.create(location), Optional.empty(), Map.of()), requests, end);
        }
        return new Run(response, requests);
    }

    private HttpResponse<String> withRetries(Supplier<HttpRequest> next, List<String> requests, long end)
            throws IOException, InterruptedException {
        for (int attempt = 0; ; attempt++) {
            HttpRequest request = next.get();
            HttpResponse<String> response = send(request);
            requests.add(request.method() + " " + response.statusCode());
            if (!isRepeated(response.statusCode()) || attempt == RETRIES) {
                return response;
            }
            Duration growing =
                    Duration.ofMillis((long) Math.min(45_000, Math.max(5_000, 7_500 * Math.pow(2, attempt))));
            sleep(retryAfter(response).orElse(growing), end);
        }
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (HttpTimeoutException e) {
            throw new AssertionError("no answer within " + REQUEST_LIMIT + " to " + request.uri(), e);
        }
    }

    private static boolean isRepeated(int status) {
        return status == 408 || status == 429 || status >= 500;
    }

    private static Optional<Duration> retryAfter(HttpResponse<String> response) {
        return response.headers().firstValue("Retry-After").map(Long::parseLong).map(Duration::ofSeconds);
    }

    private static HttpRequest request(String method, URI uri, Optional<String> body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(
                        method,
                        body.map(HttpRequest.BodyPublishers::ofString).orElse(HttpRequest.BodyPublishers.noBody()))
                .timeout(REQUEST_LIMIT);
        headers.forEach((name, value) -> {
            if (!isDropped(name.toLowerCase(Locale.ROOT))) {
                request.header(name, value);
            }
        });
        return request.build();
    }

    private static boolean isDropped(String name) {
        return DROPPED.contains(name)
                || name.startsWith("accept-")
                || (name.startsWith("content-") && !KEPT_CONTENT_HEADERS.contains(name));
    }

    private static void sleep(Duration duration, long end) throws InterruptedException {
        if (System.nanoTime() + duration.toNanos() > end) {
            throw new AssertionError("the action takes too long");
        }
        Thread.sleep(duration.toMillis());
    }
}
