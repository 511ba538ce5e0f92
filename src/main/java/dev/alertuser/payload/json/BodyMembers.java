package dev.alertuser.payload.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;

/** The top-level members of a body. */
public final class BodyMembers {
    private BodyMembers() {}

    /** Whether a text is a JSON object with a member of that name, in any letter case. */
    public static boolean has(String text, String name) {
        try {
            JsonNode body = Json.read(text);
            for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
                if (names.next().equalsIgnoreCase(name)) {
                    return true;
                }
            }
            return false;
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
