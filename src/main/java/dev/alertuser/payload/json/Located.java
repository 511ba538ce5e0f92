package dev.alertuser.payload.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value in a body, and its path. If a path leads into text that holds JSON, the text is parsed.
 *
 * @param path member names joined by dots, in our spelling, and array indices; empty for the body itself
 * @param work limits how much of the body is read
 */
public record Located(String path, JsonNode value, ReadingWork work) {

    /** The member of that name, else the first whose name differs by case only; null counts as absent. */
    public Optional<Located> member(String name) {
        JsonNode object = Json.open(value);
        JsonNode exact = object.get(name);
        JsonNode member = exact != null ? exact : ignoringCase(object, name);
        return member.isNull() ? Optional.empty() : Optional.of(new Located(pathTo(name), member, work));
    }

    /** The path of a member or a deeper value below this one. */
    String pathTo(String further) {
        return path.isEmpty() ? further : path + "." + further;
    }

    /**
     * The elements of an array. Any other value counts as an array of one, since some exporters unwrap these.
     *
     * @throws InvalidBodyException if the work on this body exceeds its limit
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
