package dev.alertuser.payload.json;

import dev.alertuser.payload.json.InvalidBodyException.Reason;

/**
 * Counts the array elements and inner texts that are read in one body, and limits them: 1 MiB can hold 350 000 elements without an alert,
 * and reading each costs far more than sending it.
 */
public final class ReadingWork {
    /** Ten times a real body: a list of alerts that fills 1 MiB has about a thousand. */
    static final int MOST = 10_000;

    private int seen;

    /**
     * Adds parts to the count.
     *
     * @throws InvalidBodyException if the count exceeds its limit
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
