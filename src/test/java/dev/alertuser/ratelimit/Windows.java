package dev.alertuser.ratelimit;

import java.util.List;

/** The question of every limit. */
public final class Windows {
    private Windows() {}

    /**
     * The most moments in any half-open window: two that are exactly one window apart are not within it.
     *
     * @param moments milliseconds, in order
     */
    public static int mostWithin(List<Long> moments, long windowMillis) {
        int most = 0;
        int first = 0;
        for (int last = 0; last < moments.size(); last++) {
            while (moments.get(last) - moments.get(first) >= windowMillis) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }
}
