package dev.alertuser.infra;

import static dev.alertuser.infra.Repository.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The shape of one of the app's answers, as its own OpenAPI document has it. */
record ApiSchema(JsonNode document, JsonNode schema) {

    static ApiSchema ofAnswer(String route, String method, String status) {
        JsonNode document = json(Path.of("src/main/resources/openapi.json"));
        JsonNode answer =
                document.get("paths").get(route).get(method).get("responses").get(status);
        return new ApiSchema(document, answer.at("/content/application~1json/schema"));
    }

    /** @param path a JSON pointer into an answer */
    boolean has(String path) {
        return !at(path).isEmpty();
    }

    /** What a member may be, if that is a list. */
    Set<String> valuesOf(String path) {
        Set<String> values = new HashSet<>();
        at(path).forEach(one -> one.path("enum").forEach(value -> values.add(value.asText())));
        return values;
    }

    private List<JsonNode> at(String path) {
        List<JsonNode> found = alternatives(schema);
        for (String step : path.substring(1).split("/", -1)) {
            found = found.stream()
                    .flatMap(one -> alternatives(member(one, step)).stream())
                    .toList();
        }
        return found;
    }

    private static JsonNode member(JsonNode schema, String step) {
        return step.matches("\\d+")
                ? schema.path("items")
                : schema.path("properties").path(step);
    }

    private List<JsonNode> alternatives(JsonNode node) {
        if (node.has("$ref")) {
            return alternatives(document.at(node.get("$ref").textValue().substring(1)));
        }
        List<JsonNode> all = new ArrayList<>();
        for (String kind : List.of("oneOf", "anyOf")) {
            node.path(kind).forEach(alternative -> all.addAll(alternatives(alternative)));
        }
        if (all.isEmpty() && !node.isMissingNode()) {
            all.add(node);
        }
        return all;
    }
}
