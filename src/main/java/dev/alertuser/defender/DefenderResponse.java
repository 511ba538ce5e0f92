package dev.alertuser.defender;

import org.jspecify.annotations.Nullable;

/**
 * What came back from Defender.
 *
 * @param retryAfter the header of that name
 * @param body null if it is too large, broken off or not UTF-8
 */
record DefenderResponse(
        int status, @Nullable String retryAfter, @Nullable String body) {

    /** Says nothing of the body, so that no log line can. */
    @Override
    public String toString() {
        return "DefenderResponse[status=" + status + "]";
    }
}
