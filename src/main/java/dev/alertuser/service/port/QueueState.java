package dev.alertuser.service.port;

import java.time.Instant;
import java.util.List;

/**
 * One queue as it was found.
 *
 * @param messages approximate count, which includes messages that are not visible yet
 * @param first up to 32 of the visible messages at the head
 */
public record QueueState(long messages, List<Waiting> first) {
    /** A message in its queue. */
    public record Waiting(String text, Instant insertedAt) {
        /** Says nothing of the text, which may be anything. */
        @Override
        public String toString() {
            return "Waiting[insertedAt=" + insertedAt + "]";
        }
    }
}
