package dev.alertuser.payload.json;

import dev.alertuser.payload.json.InvalidBodyException.Reason;

/**
 * Counts the array elements and inner texts that are looked at in one body, and ends the reading when there are too many: 1 MiB has room for
 * 350 000 elements without an alert, each of which costs far more to look at than to send.
 */
public final class ReadingWork {
    /** A list of alerts that fills 1 MiB has some thousand. */
    static final int MOST = 10_000;

    private int seen;

    /**
     * Counts some more parts.
     *
     * @throws InvalidBodyException if these are too many
     */
    public void add(int count) {
        seen += count;
        if (seen > MOST) {
            throw new InvalidBodyException(
                    Reason.TOO_MANY_ALERTS,
                    "the body must be smaller: it has more than " + MOST + " parts in which to look for alert ids",
                    null);
        }
    }
}
