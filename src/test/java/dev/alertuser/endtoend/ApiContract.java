package dev.alertuser.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Holds an answer of the running app against what the API's own document says of it. */
final class ApiContract {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What every answer over HTTP has. */
    private static final Set<String> TRANSPORT = Set.of("content-length", "content-type", "date", "connection");

    private final JsonNode document;
    private final SchemaRegistry schemas = SchemaRegistry.withDialect(Dialects.getOpenApi30());

    ApiContract() {
        try (InputStream in = ApiContract.class.getResourceAsStream("/openapi.json")) {
            document = JSON.readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Only the platform answers what is no operation of the app, and it does so with {@code 404} and nothing of the app's.
     *
     * @param path with the prefix {@code /api}
     */
    void check(String method, String path, HttpResponse<String> response) throws IOException {
        String what = method + " " + path + " answered " + response.statusCode();
        JsonNode operation = operation(method, path);
        if (operation.isMissingNode()) {
            assertThat(response.statusCode())
                    .as("%s, which is not documented", what)
                    .isEqualTo(404);
            assertThat(response.headers().firstValue("x-ms-request-id"))
                    .as("%s, which is not documented", what)
                    .isEmpty();
            return;
        }
        JsonNode documented = resolved(operation.at("/responses/" + response.statusCode()));
        assertThat(documented.isMissingNode())
                .as("%s, which is not documented", what)
                .isFalse();
        checkHeaders(documented, response, what);
        checkBody(documented, response, what);
    }

    private JsonNode operation(String method, String path) {
        String route = path.replaceFirst("^/api", "").replaceFirst("[?].*$", "");
        for (Map.Entry<String, JsonNode> entry : document.get("paths").properties()) {
            JsonNode operation = entry.getValue().path(method.toLowerCase(Locale.ROOT));
            if (route.matches(entry.getKey().replaceAll("\\{\\w+}", "[^/]+")) && !operation.isMissingNode()) {
                return operation;
            }
        }
        return MissingNode.getInstance();
    }

    private void checkHeaders(JsonNode documented, HttpResponse<String> response, String what) {
        Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        Set<String> required = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        documented.path("headers").properties().forEach(header -> {
            known.add(header.getKey());
            if (resolved(header.getValue()).path("required").asBoolean()) {
                required.add(header.getKey());
            }
        });
        Set<String> sent = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        sent.addAll(response.headers().map().keySet());
        assertThat(sent).as("headers of %s", what).containsAll(required);
        sent.removeAll(TRANSPORT);
        assertThat(known).as("documented headers of %s", what).containsAll(sent);
        JsonNode codes = documented.path("x-error-codes");
        response.headers()
                .firstValue("x-ms-error-code")
                .ifPresent(code ->
                        assertThat(codes).as("codes of %s", what).anyMatch(one -> code.equals(one.textValue())));
    }

    private void checkBody(JsonNode documented, HttpResponse<String> response, String what) throws IOException {
        if (response.body().isEmpty()) {
            assertThat(documented.has("content"))
                    .as("%s without the body that is documented", what)
                    .isFalse();
            return;
        }
        String type =
                response.headers().firstValue("Content-Type").orElseThrow().replaceFirst(";.*", "");
        JsonNode content = documented.path("content").path(type);
        assertThat(content.isMissingNode())
                .as("%s as %s, which is not documented", what, type)
                .isFalse();
        if (type.endsWith("json")) {
            ObjectNode schema = JSON.createObjectNode();
            schema.putArray("allOf").add(content.get("schema"));
            schema.set("components", document.get("components"));
            assertThat(schemas.getSchema(schema).validate(JSON.readTree(response.body())))
                    .as("faults of %s: %s", what, response.body())
                    .isEmpty();
        }
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").textValue().substring(1)) : node;
    }
}
