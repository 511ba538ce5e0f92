package dev.alertuser.functions.budget;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alertuser.functions.http.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A condition that viewers of the budget should know of.
 *
 * @param title the condition, in a sentence
 * @param action what to do about it
 * @param until when it ends by itself; null if it does not, or if that is unknown
 */
record Notice(
        Level level, String title, String action, @Nullable Instant until) {
    enum Level {
        INFO("info"),
        WARNING("warning"),
        ERROR("error");

        private final String label;

        Level(String label) {
            this.label = label;
        }
    }

    ObjectNode toJson() {
        return Json.object()
                .put("level", level.label)
                .put("title", title)
                .put("action", action)
                .put("until", until == null ? null : until.toString());
    }
}
