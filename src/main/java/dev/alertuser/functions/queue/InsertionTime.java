package dev.alertuser.functions.queue;

import dev.alertuser.payload.json.BodyMembers;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** When a message was put into the queue, as the platform tells. */
final class InsertionTime {
    /** The name in the trigger's metadata, of which {@code @BindingName} wants every letter. */
    static final String NAME = "InsertionTime";

    private InsertionTime() {}

    /**
     * Reads the platform's word. The members of a body in JSON join the trigger's metadata and take the place of what is there, so the word is
     * not the platform's if the body has such a member.
     *
     * @param metadata a time with its offset, in quotation marks
     * @param message the message as the platform gave it out
     * @return now, if the platform does not tell
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
