package dev.alertuser.service;

import java.time.Duration;
import java.util.function.LongSupplier;

/** A deadline by the monotonic clock, so that a step of the wall clock neither shortens nor prolongs a wait. */
record Deadline(LongSupplier nanoTime, long at) {

    static Deadline in(Duration wait, LongSupplier nanoTime) {
        return new Deadline(nanoTime, nanoTime.getAsLong() + wait.toNanos());
    }

    /** The time left; zero once it is over. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, at - nanoTime.getAsLong()));
    }

    boolean isOver() {
        return at - nanoTime.getAsLong() < 0;
    }
}
