package dev.alertuser.payload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.payload.json.Json;
import dev.alertuser.payload.json.ReadingWork;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Collects the client states of all Microsoft Graph notifications in a body. Every object with a notification's members counts, at any
 * depth and in any wrapping, so that no notification escapes the check of its secret by hiding in another form.
 */
final class ClientStates {
    private final ReadingWork work = new ReadingWork();
    private final Set<String> found = new HashSet<>();

    /** The distinct client states; a missing one, or one that is no text, counts as an empty text. */
    Set<String> found() {
        return found;
    }

    void gather(JsonNode body) {
        Deque<JsonNode> open = new ArrayDeque<>();
        open.add(body);
        while (!open.isEmpty()) {
            JsonNode value = open.remove();
            if (value.isTextual()) {
                opened(value).ifPresent(open::add);
            } else {
                value.forEach(open::add);
                if (value.isObject()) {
                    gatherMembers(value);
                }
            }
        }
    }

    /** Text that holds JSON may hold a notification. */
    private Optional<JsonNode> opened(JsonNode text) {
        if (!Json.isMeantAsJson(Json.trim(text.textValue()))) {
            return Optional.empty();
        }
        work.add(1);
        return Optional.of(Json.open(text)).filter(opened -> !opened.equals(text));
    }

    private void gatherMembers(JsonNode object) {
        boolean isNotification = false;
        boolean hasState = false;
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String name = member.getKey();
            if (name.equalsIgnoreCase("clientState")) {
                hasState = true;
                found.add(member.getValue().isTextual() ? member.getValue().textValue() : "");
            } else if (name.equalsIgnoreCase("changeType") || name.equalsIgnoreCase("resourceData")) {
                isNotification = true;
            }
        }
        if (isNotification && !hasState) {
            found.add("");
        }
    }
}
