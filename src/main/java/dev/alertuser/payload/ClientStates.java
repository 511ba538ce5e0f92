package dev.alertuser.payload;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Gathers what a body gives as the client state of a Microsoft Graph subscription. Every object that calls itself a notification counts,
 * wherever it stands and whatever else it holds, so that no other form around a notification gets it past the check of its secret.
 */
final class ClientStates {
    private final ReadingWork work;
    private final Set<String> found = new HashSet<>();

    ClientStates(ReadingWork work) {
        this.work = work;
    }

    /** One for each notification; a notification that gives none, or none that is text, counts as an empty one. */
    Set<String> found() {
        return found;
    }

    void gather(JsonNode value) {
        if (value.isTextual()) {
            gatherText(value);
        } else {
            if (value.isObject()) {
                gatherMembers(value);
            }
            value.forEach(this::gather);
        }
    }

    /** Text that holds JSON may hold a notification. */
    private void gatherText(JsonNode text) {
        if (Json.isMeantAsJson(Json.trim(text.textValue()))) {
            work.add(1);
            JsonNode opened = Json.open(text);
            if (!opened.equals(text)) {
                gather(opened);
            }
        }
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
