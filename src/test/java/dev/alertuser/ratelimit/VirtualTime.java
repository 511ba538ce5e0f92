package dev.alertuser.ratelimit;

import java.time.Instant;

/** Time that passes only when somebody sleeps. */
public final class VirtualTime implements Sleeper {
    /** 2026-01-01T00:00:00Z plus an odd part of a second. */
    public static final long START_MILLIS = 1_767_225_600_437L;

    private long nanos;

    public long nanoTime() {
        return nanos;
    }

    /** True storage time. */
    public long millis() {
        return START_MILLIS + nanos / 1_000_000;
    }

    Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public void sleep(long millis) {
        nanos += millis * 1_000_000;
    }
}
