package dev.alertuser.service.port;

import java.time.Instant;
import java.util.List;

/**
 * State of one queue at the time of a read.
 *
 * @param messages approximate count, which includes messages that are not visible yet
 * @param first up to 32 of the visible messages at the head
 */
public record QueueState(long messages, List<Waiting> first) {
    /** A message in its queue. */
    public record Waiting(String text, Instant insertedAt) {
        /** Withholds the text, which a stranger may have written. */
        @Override
        public String toString() {
            return "Waiting[insertedAt=" + insertedAt + "]";
        }
    }
}
