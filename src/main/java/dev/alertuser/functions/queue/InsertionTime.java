package dev.alertuser.functions.queue;

import dev.alertuser.payload.json.BodyMembers;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** When a message was put into the queue, according to the platform. */
final class InsertionTime {
    /** The name in the trigger's metadata, which {@code @BindingName} must match exactly. */
    static final String NAME = "InsertionTime";

    private InsertionTime() {}

    /**
     * Parses the platform's value. Members of a JSON body are merged into the trigger's metadata and override it, so the value is not the
     * platform's if the body has a member of this name.
     *
     * @param metadata a time with its offset, in quotation marks
     * @param message the message as the platform delivered it
     * @return {@code now} if the platform names no valid time, or one in the future
     */
    static Instant of(String metadata, String message, Instant now) {
        if (BodyMembers.has(message, NAME)) {
            return now;
        }
        try {
            Instant insertedAt =
                    OffsetDateTime.parse(metadata.replace("\"", "").strip()).toInstant();
            return insertedAt.isAfter(now) ? now : insertedAt;
        } catch (DateTimeException e) {
            return now;
        }
    }
}
