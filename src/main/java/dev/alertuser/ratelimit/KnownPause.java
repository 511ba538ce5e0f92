package dev.alertuser.ratelimit;

import dev.alertuser.ratelimit.counter.Pause;
import java.util.concurrent.atomic.AtomicReference;

/** The longest pause that this instance knows of, from an answer of Defender or from the row. Thread-safe. */
final class KnownPause {
    private final AtomicReference<Pause> longest = new AtomicReference<>(Pause.NONE);

    /** Adds a pause, which counts if it is the longest. */
    void know(Pause other) {
        longest.accumulateAndGet(other, Pause::longer);
    }

    Pause longest() {
        return longest.get();
    }
}
