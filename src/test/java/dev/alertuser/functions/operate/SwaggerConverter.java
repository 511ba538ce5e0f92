package dev.alertuser.functions.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.alertuser.functions.http.Json;
import java.net.URI;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Converts OpenAPI 3.0 to Swagger 2.0, as far as this project's document uses it.
 *
 * <ol>
 *   <li>The parts of {@code components} move to top-level members. Referenced headers, request bodies and parameters are inlined.
 *   <li>The schema of a parameter or a header is merged into it.
 *   <li>Swagger 2.0 has one schema for each body and no alternatives: the first is taken, and schemas that only the others use are left
 *       out.
 *   <li>{@code nullable} becomes {@code x-nullable}; other extensions stay.
 * </ol>
 */
final class SwaggerConverter {
    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    /** Members of a schema that apply to a parameter or a header that is not an object. */
    private static final List<String> SIMPLE = List.of(
            "type", "format", "enum", "default", "minimum", "maximum", "minLength", "maxLength", "pattern", "items");

    private static final String DEFINITIONS = "#/definitions/";

    private final ObjectNode source;

    SwaggerConverter(ObjectNode source) {
        this.source = source.deepCopy();
    }

    ObjectNode convert() {
        ObjectNode target = Json.object().put("swagger", "2.0");
        target.set("info", source.get("info"));
        URI server = URI.create(source.at("/servers/0/url").textValue());
        target.put("basePath", server.getPath());
        if (server.isAbsolute()) {
            target.put("host", server.getAuthority());
            target.putArray("schemes").add(server.getScheme());
        }
        target.set("tags", source.get("tags"));
        ObjectNode paths = target.putObject("paths");
        source.get("paths").properties().forEach(path -> paths.set(path.getKey(), path(path.getValue())));
        ObjectNode responses = target.putObject("responses");
        components("responses").forEach(entry -> responses.set(entry.getKey(), response(entry.getValue())));
        ObjectNode definitions = target.putObject("definitions");
        components("schemas").forEach(entry -> definitions.set(entry.getKey(), schema(entry.getValue())));
        for (Set<String> used = used(target); definitions.size() > used.size(); used = used(target)) {
            definitions.retain(used);
        }
        ObjectNode schemes = target.putObject("securityDefinitions");
        components("securitySchemes").forEach(entry -> schemes.set(entry.getKey(), scheme(entry.getValue())));
        target.set("security", source.get("security"));
        return target;
    }

    /** Swagger 2.0 knows no bearer tokens, only a header that holds them. */
    private static JsonNode scheme(JsonNode scheme) {
        return scheme.path("type").asText().equals("http")
                ? Json.object()
                        .put("type", "apiKey")
                        .put("in", "header")
                        .put("name", "Authorization")
                        .put("description", scheme.get("description").textValue())
                : scheme;
    }

    private static Set<String> used(ObjectNode target) {
        return target.findValuesAsText("$ref").stream()
                .filter(reference -> reference.startsWith(DEFINITIONS))
                .map(reference -> reference.substring(DEFINITIONS.length()))
                .collect(Collectors.toSet());
    }

    private Set<Map.Entry<String, JsonNode>> components(String kind) {
        return source.at("/components/" + kind).properties();
    }

    private ObjectNode path(JsonNode path) {
        ObjectNode target = Json.object();
        path.properties().forEach(member -> {
            if (METHODS.contains(member.getKey())) {
                target.set(member.getKey(), operation(member.getValue()));
            } else {
                target.set(member.getKey(), member.getValue());
            }
        });
        return target;
    }

    private ObjectNode operation(JsonNode operation) {
        ObjectNode target = (ObjectNode) operation.deepCopy();
        ArrayNode parameters = target.putArray("parameters");
        operation.path("parameters").forEach(parameter -> parameters.add(parameter(resolved(parameter))));
        target.remove("requestBody");
        if (operation.has("requestBody")) {
            JsonNode body = resolved(operation.get("requestBody"));
            target.set("consumes", types(body));
            parameters.add(body(body));
        }
        Set<String> produced = new TreeSet<>();
        ObjectNode responses = target.putObject("responses");
        operation.get("responses").properties().forEach(entry -> {
            JsonNode response = entry.getValue();
            types(resolved(response)).forEach(type -> produced.add(type.textValue()));
            responses.set(entry.getKey(), response.has("$ref") ? schema(response) : response(response));
        });
        ArrayNode produces = target.putArray("produces");
        produced.forEach(produces::add);
        return target;
    }

    private static ArrayNode types(JsonNode withContent) {
        ArrayNode types = Json.array();
        withContent.path("content").fieldNames().forEachRemaining(types::add);
        return types;
    }

    private ObjectNode parameter(JsonNode parameter) {
        ObjectNode target = spread(parameter);
        target.remove("example");
        return target;
    }

    private ObjectNode body(JsonNode body) {
        ObjectNode target = Json.object().put("name", "body").put("in", "body");
        body.properties().stream()
                .filter(member -> !member.getKey().equals("content"))
                .forEach(member -> target.set(member.getKey(), member.getValue()));
        target.set("schema", schema(firstContent(body).get("schema")));
        return target;
    }

    private ObjectNode response(JsonNode response) {
        ObjectNode target = (ObjectNode) response.deepCopy();
        target.remove("content");
        target.remove("headers");
        if (response.has("headers")) {
            ObjectNode headers = target.putObject("headers");
            response.get("headers")
                    .properties()
                    .forEach(header -> headers.set(header.getKey(), spread(resolved(header.getValue()))));
            headers.forEach(header -> ((ObjectNode) header).remove(List.of("required", "example")));
        }
        JsonNode content = firstContent(response);
        if (content.has("schema")) {
            target.set("schema", schema(content.get("schema")));
        }
        if (content.has("example")) {
            target.putObject("examples")
                    .set(response.get("content").fieldNames().next(), content.get("example"));
        }
        return target;
    }

    private static JsonNode firstContent(JsonNode withContent) {
        Iterator<JsonNode> contents = withContent.path("content").elements();
        return contents.hasNext() ? contents.next() : Json.object();
    }

    /** A parameter or a header with the members of its schema instead of the schema. */
    private ObjectNode spread(JsonNode node) {
        ObjectNode target = (ObjectNode) node.deepCopy();
        target.remove("schema");
        JsonNode schema = schema(resolved(node.get("schema")));
        SIMPLE.stream().filter(schema::has).forEach(name -> target.set(name, schema.get(name)));
        return target;
    }

    private JsonNode schema(JsonNode schema) {
        if (schema.isArray()) {
            ArrayNode target = Json.array();
            schema.forEach(element -> target.add(schema(element)));
            return target;
        }
        if (!schema.isObject()) {
            return schema;
        }
        for (String alternatives : List.of("oneOf", "anyOf")) {
            if (schema.has(alternatives)) {
                return schema(schema.get(alternatives).get(0));
            }
        }
        ObjectNode target = Json.object();
        schema.properties().forEach(member -> {
            switch (member.getKey()) {
                case "$ref" -> target.set("$ref", reference(member.getValue()));
                case "nullable" -> target.set("x-nullable", member.getValue());
                case "example", "default", "enum" -> target.set(member.getKey(), member.getValue());
                default -> target.set(member.getKey(), schema(member.getValue()));
            }
        });
        return target;
    }

    private static JsonNode reference(JsonNode reference) {
        return TextNode.valueOf(reference
                .textValue()
                .replace("#/components/schemas/", DEFINITIONS)
                .replace("#/components/responses/", "#/responses/"));
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? source.at(node.get("$ref").textValue().substring(1)) : node;
    }
}
