package dev.alertuser.ratelimit.store;

import dev.alertuser.ratelimit.counter.Counter;
import org.jspecify.annotations.Nullable;

/** The counter that all instances of the app share: one row, so that all windows change together. Thread-safe. */
public interface CounterStore {

    /**
     * The row as it is, with the ETag that {@link #replace} must present.
     *
     * @return null before the first write
     * @throws CounterUnavailableException if the table is denied or out of reach
     * @throws dev.alertuser.ratelimit.counter.UnknownFormatException if a newer version of the app wrote it
     */
    @Nullable
    Row read();

    /**
     * Writes the row if it is still as read.
     *
     * @param eTag of the row as read; null means that there must be no row yet
     * @return the result; a lost race is a value (HTTP 412, or 409 on insert): read again and decide again
     * @throws CounterUnavailableException if the table is denied or out of reach; after a timeout, a 5xx or a lost connection the write
     *     may still have happened, or may still happen
     */
    Write replace(Counter next, @Nullable String eTag);

    /**
     * A row as read.
     *
     * @param counter null if the row is corrupt: somebody else wrote it
     */
    record Row(@Nullable Counter counter, String eTag) {}

    /**
     * The result of a write.
     *
     * @param eTag of the row as written; null if the race was lost
     * @param timely false if the answer's date contradicts what was known of the time: slots of this write must not be used
     */
    record Write(@Nullable String eTag, boolean timely) {
        public static final Write LOST = new Write(null, true);
    }
}
