package dev.alertuser.payload;

import dev.alertuser.payload.InvalidBodyException.Reason;

/**
 * Counts the array elements that are looked at in one body, and ends the reading when there are too many: 1 MiB has room for 350 000
 * elements without an alert, each of which costs far more to look at than to send.
 */
final class ReadingWork {
    /** An element counts once for each place of alerts that leads to it. A list of alerts that fills 1 MiB has some thousand. */
    static final int MAX_ELEMENTS = 20_000;

    private int elements;

    /** @throws InvalidBodyException if these elements are too many */
    void add(int count) {
        elements += count;
        if (elements > MAX_ELEMENTS) {
            throw new InvalidBodyException(
                    Reason.TOO_MANY_ALERTS,
                    "the body must be smaller: alert ids were looked for in more than " + MAX_ELEMENTS
                            + " elements of its arrays",
                    null);
        }
    }
}
