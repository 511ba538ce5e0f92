package dev.alertuser.payload.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;

/**
 * Reads JSON from strangers within bounds; of a member given twice the last counts, as is Jackson's way.
 *
 * <p>Member names are not canonicalized. Jackson shares its table of names between all bodies, and names that collide in it leave it damaged
 * for the next sender, whose valid body then fails.
 */
public final class Json {
    /** Real bodies nest about ten levels. Each text within JSON that is read as JSON has these levels anew. */
    public static final int MAX_NESTING = 64;

    public static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /**
     * Parses a text as one JSON value.
     *
     * @throws JsonProcessingException whatever the parser stumbled over: what a stranger wrote is never our own failure
     */
    public static JsonNode read(String text) throws JsonProcessingException {
        return read(MAPPER, text);
    }

    public static JsonNode read(JsonMapper mapper, String text) throws JsonProcessingException {
        try {
            return mapper.readTree(text);
        } catch (RuntimeException e) {
            throw new JsonParseException(null, "the parser failed", e);
        }
    }

    /** The values of newline-delimited JSON; none if the text is something else, which the first line tells. */
    public static List<String> lines(String text) {
        List<String> lines =
                text.lines().map(Json::trim).filter(line -> !line.isEmpty()).toList();
        return lines.size() > 1 && isMeantAsJson(lines.get(0)) && isJson(lines.get(0)) ? lines : List.of();
    }

    private static boolean isJson(String text) {
        try {
            read(text);
            return true;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** Without white space around it, nor the byte order mark that some tools put in front. */
    public static String trim(String text) {
        String stripped = text.strip();
        return stripped.startsWith("\uFEFF") ? stripped.substring(1).strip() : stripped;
    }

    /** Whether trimmed text can only be meant as JSON: no alert id begins like this. */
    public static boolean isMeantAsJson(String trimmed) {
        return trimmed.startsWith("{") || trimmed.startsWith("[") || trimmed.startsWith("\"");
    }

    /** The value inside a text that holds JSON, as Log Analytics writes its dynamic columns; any other value as it is. */
    public static JsonNode open(JsonNode value) {
        if (!value.isTextual()) {
            return value;
        }
        String text = trim(value.textValue());
        if (!isMeantAsJson(text)) {
            return value;
        }
        try {
            return read(text);
        } catch (JsonProcessingException e) {
            return value;
        }
    }

    /** What a value is, for a message: "a number". */
    public static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "an array";
            case BOOLEAN -> "a boolean";
            case NUMBER -> "a number";
            case OBJECT, POJO -> "an object";
            case STRING, BINARY -> "a string";
            case NULL, MISSING -> "null";
        };
    }
}
