package dev.alertuser.localkit.fake;

import java.util.concurrent.ThreadLocalRandom;

/** Draws one of each so many tickets, whichever: at random, but never none for long. Thread-safe. */
final class Lot {
    private final int tickets;
    private int left;
    private int winner;

    Lot(int tickets) {
        this.tickets = tickets;
    }

    /** Whether the next ticket is the one. */
    synchronized boolean draw() {
        if (left == 0) {
            left = tickets;
            winner = ThreadLocalRandom.current().nextInt(tickets);
        }
        left--;
        return left == winner;
    }
}
