package dev.alertuser.localkit.host;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Counts what is under way, for those who wait for it to become less. Thread-safe. */
final class RunningCalls {
    private int running;

    synchronized void enter() {
        running++;
    }

    synchronized void leave() {
        running--;
        notifyAll();
    }

    synchronized int count() {
        return running;
    }

    /** Waits until no more than these are under way, the time is up or the thread is interrupted; false if there are still more. */
    synchronized boolean awaitAtMost(int most, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (running > most) {
            long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (millis <= 0) {
                return false;
            }
            try {
                wait(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
