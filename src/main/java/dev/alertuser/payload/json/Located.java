package dev.alertuser.payload.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value in a body, and the path to it. Text that holds JSON is read where a path goes on inside it.
 *
 * @param path members joined by dots, spelled as we look for them, and array indices; empty for the body itself
 * @param work bounds how much of the body is looked at
 */
public record Located(String path, JsonNode value, ReadingWork work) {

    /** The member of that name, or else the first that differs from it by case only; null counts as absent. */
    public Optional<Located> member(String name) {
        JsonNode object = Json.open(value);
        JsonNode exact = object.get(name);
        JsonNode member = exact != null ? exact : ignoringCase(object, name);
        return member.isNull() ? Optional.empty() : Optional.of(new Located(pathTo(name), member, work));
    }

    /** The path of a member, or of what a longer path leads to from here. */
    String pathTo(String further) {
        return path.isEmpty() ? further : path + "." + further;
    }

    /**
     * The elements of an array; any other value stands for itself, as some exporters write an array of one.
     *
     * @throws InvalidBodyException if the work on this body is beyond its bound
     */
    public List<Located> elements() {
        JsonNode array = Json.open(value);
        if (!array.isArray()) {
            return List.of(this);
        }
        work.add(array.size());
        List<Located> elements = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            elements.add(new Located(path + "[" + i + "]", array.get(i), work));
        }
        return elements;
    }

    /** The value if it is text. */
    public Optional<String> text() {
        return Optional.ofNullable(value.textValue());
    }

    private static JsonNode ignoringCase(JsonNode object, String name) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (member.getKey().equalsIgnoreCase(name)) {
                return member.getValue();
            }
        }
        return NullNode.getInstance();
    }
}
