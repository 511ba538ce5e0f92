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
 * Reads untrusted JSON within limits. Of a repeated member the last one counts, which is Jackson's default.
 *
 * <p>Member names are not canonicalized. Jackson shares its symbol table between all bodies, and colliding names damage it, so that valid
 * bodies of other senders fail.
 */
public final class Json {
    /** Real bodies nest about ten levels. Each inner text that is read as JSON may nest as deeply again. */
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
     * @throws JsonProcessingException for any failure of the parser, since the text is untrusted
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

    /** The values of newline-delimited JSON; empty if the first line is no complete JSON value. */
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

    /** The text without surrounding white space and without the byte order mark that some tools add. */
    public static String trim(String text) {
        String stripped = text.strip();
        return stripped.startsWith("\uFEFF") ? stripped.substring(1).strip() : stripped;
    }

    /** Whether trimmed text is meant as JSON: no alert id begins with these characters. */
    public static boolean isMeantAsJson(String trimmed) {
        return trimmed.startsWith("{") || trimmed.startsWith("[") || trimmed.startsWith("\"");
    }

    /** The value inside a text that holds JSON, as in dynamic columns of Log Analytics; any other value unchanged. */
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

    /** The type of a value for a message: "a number". */
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
