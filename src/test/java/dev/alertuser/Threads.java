package dev.alertuser;

import java.lang.Thread.State;
import java.util.Arrays;

/** Waits until another thread waits. */
public final class Threads {
    private Threads() {}

    /**
     * Returns once the thread waits within a method of that name, and not for the lock of a class loader, say.
     *
     * @throws InterruptedException if this thread is interrupted, as a time limit of JUnit does
     */
    public static void awaitWaiting(Thread thread, String method) throws InterruptedException {
        while (!isWaiting(thread.getState()) || !isIn(thread, method)) {
            if (!thread.isAlive()) {
                throw new AssertionError("the thread ended without waiting in " + method);
            }
            Thread.sleep(1);
        }
    }

    private static boolean isWaiting(State state) {
        return state == State.WAITING || state == State.TIMED_WAITING;
    }

    private static boolean isIn(Thread thread, String method) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals(method));
    }
}
