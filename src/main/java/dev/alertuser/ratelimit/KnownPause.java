package dev.alertuser.ratelimit;

import dev.alertuser.ratelimit.counter.Pause;

/** The longest pause that this instance knows of, from an answer of Defender or from the row. Thread-safe. */
final class KnownPause {
    private volatile Pause longest = Pause.NONE;

    /** Adds a pause, which counts if it is the longest. */
    synchronized void know(Pause other) {
        longest = Pause.longer(longest, other);
    }

    Pause longest() {
        return longest;
    }
}
