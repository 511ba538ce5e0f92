package dev.alertuser.localkit.host.http;

import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import com.microsoft.azure.functions.HttpStatusType;
import com.sun.net.httpserver.HttpExchange;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request as it reaches a function. */
final class LocalHttpRequest implements HttpRequestMessage<Optional<String>> {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final URI uri;
    private final HttpMethod method;
    private final Map<String, String> headers;
    private final Map<String, String> query;
    private final Optional<String> body;

    private LocalHttpRequest(HttpExchange exchange, Map<String, String> signIn, byte[] bytes) {
        this.headers = headers(exchange, signIn);
        this.query = query(exchange.getRequestURI().getRawQuery());
        this.uri = URI.create("http://" + headers.getOrDefault("host", "localhost") + exchange.getRequestURI());
        this.method = HttpMethod.value(exchange.getRequestMethod());
        this.body = headers.containsKey("content-length") ? text(bytes) : Optional.empty();
    }

    /**
     * The request of an exchange, with the headers that the platform's sign-in adds. As on the platform, a body without a length (chunked) is not passed on.
     *
     * @throws ClassCastException if the body is of a type that the platform passes on as bytes, which a text parameter cannot take
     */
    static LocalHttpRequest of(HttpExchange exchange, Map<String, String> signIn, byte[] bytes) {
        LocalHttpRequest request = new LocalHttpRequest(exchange, signIn, bytes);
        String type = request.headers.getOrDefault("content-type", "").toLowerCase(Locale.ROOT);
        if (request.body.isPresent()
                && (type.startsWith("application/octet-stream") || type.startsWith("multipart/"))) {
            throw new ClassCastException("a body of type " + type + " does not bind to text");
        }
        return request;
    }

    /** The key of a call: {@code x-functions-key}, or else {@code code}; null if it has none. */
    static @Nullable String key(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("x-functions-key");
        return header == null ? query(exchange.getRequestURI().getRawQuery()).get("code") : header;
    }

    private static Optional<String> text(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
    }

    private static Map<String, String> headers(HttpExchange exchange, Map<String, String> signIn) {
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        headers.putAll(signIn);
        return Map.copyOf(headers);
    }

    /** Names without a value are left out, as the host does for this worker. */
    private static Map<String, String> query(String rawQuery) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : rawQuery == null ? new String[0] : rawQuery.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && equals < pair.length() - 1) {
                query.merge(
                        decode(pair.substring(0, equals)),
                        decode(pair.substring(equals + 1)),
                        (one, other) -> one + "," + other);
            }
        }
        return Map.copyOf(query);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public URI getUri() {
        return uri;
    }

    @Override
    public HttpMethod getHttpMethod() {
        return method;
    }

    @Override
    public Map<String, String> getHeaders() {
        return headers;
    }

    @Override
    public Map<String, String> getQueryParameters() {
        return query;
    }

    @Override
    public Optional<String> getBody() {
        return body;
    }

    @Override
    public HttpResponseMessage.Builder createResponseBuilder(HttpStatus status) {
        return new LocalHttpResponse.Builder().status(status);
    }

    @Override
    public HttpResponseMessage.Builder createResponseBuilder(HttpStatusType status) {
        return new LocalHttpResponse.Builder().status(status);
    }
}
