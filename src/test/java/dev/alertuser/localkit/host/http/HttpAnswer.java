package dev.alertuser.localkit.host.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What goes over the wire. */
final class HttpAnswer {
    /** What the platform makes of an exception. */
    static final HttpAnswer FAILURE = new HttpAnswer(500, Map.of(), new byte[0]);

    /** What the load balancer makes of a call that takes too long. */
    static final HttpAnswer GATEWAY_TIMEOUT = new HttpAnswer(504, Map.of(), new byte[0]);

    private static final String CONTENT_TYPE = "Content-Type";

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    private HttpAnswer(int status, Map<String, String> headers, byte[] body) {
        headers.forEach(HttpAnswer::check);
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /**
     * What a function returned, with the platform's content type where the function gave none.
     *
     * @throws IllegalArgumentException if it is no response of this host's, its body is neither text nor bytes, or a header holds a character
     *     that Kestrel refuses
     */
    static HttpAnswer of(Object returned) {
        if (!(returned instanceof LocalHttpResponse response)) {
            throw new IllegalArgumentException(
                    "returned " + returned + " in place of a response built from the request");
        }
        Object body = response.body();
        if (body == null) {
            return new HttpAnswer(response.getStatusCode(), response.headers(), new byte[0]);
        } else if (body instanceof String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return new HttpAnswer(response.getStatusCode(), typed(response, "text/plain; charset=utf-8"), bytes);
        } else if (body instanceof byte[] bytes) {
            return new HttpAnswer(response.getStatusCode(), typed(response, "application/octet-stream"), bytes);
        }
        throw new IllegalArgumentException("answered with a " + body.getClass().getName() + ", not text or bytes");
    }

    private static void check(String name, String value) {
        if (!value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c <= '~'))) {
            throw new IllegalArgumentException("header " + name + " holds a character that is not ASCII, or controls");
        }
    }

    private static Map<String, String> typed(LocalHttpResponse response, String type) {
        Map<String, String> headers = new LinkedHashMap<>(response.headers());
        if (headers.keySet().stream().noneMatch(CONTENT_TYPE::equalsIgnoreCase)) {
            headers.put(CONTENT_TYPE, type);
        }
        return headers;
    }

    /** Sends the body unless the method or the status has none. */
    void send(HttpExchange exchange) throws IOException {
        headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        }
        if (head || body.length == 0 || status == 204 || status == 304) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
