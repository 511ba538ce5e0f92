package dev.alertuser.defender;

import org.jspecify.annotations.Nullable;

/**
 * A raw response of Defender.
 *
 * @param retryAfter the header of that name; null if there is none
 * @param body null if it is too large, broken off or not UTF-8
 */
record DefenderResponse(
        int status, @Nullable String retryAfter, @Nullable String body) {

    /** Leaves the body out, so that it gets into no log line. */
    @Override
    public String toString() {
        return "DefenderResponse[status=" + status + "]";
    }
}
