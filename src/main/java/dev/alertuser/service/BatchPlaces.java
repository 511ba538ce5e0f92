package dev.alertuser.service;

import dev.alertuser.service.alert.AlertId;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Hands out the alerts of a batch in their order, to several threads, so that the batch holds at most 25 places in line. An alert that is
 * being asked counts as a place until it turns out to need none. Those asked are always the first of the list, so a batch that comes back
 * finds the places it has before it takes another. Thread-safe.
 */
final class BatchPlaces {
    /** What an hour's quota of 1500 serves in a minute: nobody stands behind more of somebody else's batch. */
    static final int MOST = 25;

    private final Iterator<AlertId> alertIds;
    private int asked;
    private int held;

    BatchPlaces(List<AlertId> alertIds) {
        this.alertIds = alertIds.iterator();
    }

    /**
     * The next alert to ask; {@link #done} must follow. Waits while those that are being asked may still need all places that are left, which
     * ends with the first of them that is done.
     *
     * @return empty if no alert is left, or all places are held
     */
    synchronized Optional<AlertId> next() throws InterruptedException {
        while (alertIds.hasNext() && held < MOST && held + asked >= MOST) {
            wait();
        }
        if (!alertIds.hasNext() || held >= MOST) {
            return Optional.empty();
        }
        asked++;
        return Optional.of(alertIds.next());
    }

    /** @param placed true if the alert has a place in line now */
    synchronized void done(boolean placed) {
        asked--;
        held += placed ? 1 : 0;
        notifyAll();
    }
}
