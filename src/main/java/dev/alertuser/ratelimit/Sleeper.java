package dev.alertuser.ratelimit;

/** Lets time pass: {@link Thread#sleep(long)}, or a test's clock. */
@FunctionalInterface
interface Sleeper {
    void sleep(long millis) throws InterruptedException;
}
