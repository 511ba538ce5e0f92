package dev.alertuser.localkit.host.function;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Counts the calls under way, so that others can wait until there are fewer. Thread-safe. */
public final class RunningCalls {
    private int running;

    public synchronized void enter() {
        running++;
    }

    public synchronized void leave() {
        running--;
        notifyAll();
    }

    public synchronized int count() {
        return running;
    }

    /** Waits until no more than these are under way, the time is up or the thread is interrupted; false if there are still more. */
    public synchronized boolean awaitAtMost(int most, Duration timeout) {
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
