package dev.alertuser.functions.http;

import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import com.microsoft.azure.functions.HttpStatusType;
import dev.alertuser.localkit.host.http.LocalHttpResponse;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** A request as the worker hands it over. As there, the URI is parsed by the getter, which fails on an invalid one. */
public record GivenRequest(
        HttpMethod method, String url, Map<String, String> headers, Map<String, String> query, String body)
        implements HttpRequestMessage<Optional<String>> {

    public static GivenRequest get(String url) {
        return new GivenRequest(HttpMethod.GET, url, Map.of("host", "app.example.com"), Map.of(), null);
    }

    public static GivenRequest post(String url, String body) {
        return new GivenRequest(HttpMethod.POST, url, Map.of("host", "app.example.com"), Map.of(), body);
    }

    public GivenRequest with(Map<String, String> query) {
        return new GivenRequest(method, url, headers, query, body);
    }

    @Override
    public URI getUri() {
        return URI.create(url);
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
        return Optional.ofNullable(body);
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
