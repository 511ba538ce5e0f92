package dev.alertuser.ratelimit;

import dev.alertuser.ratelimit.counter.Quota;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** An API that counts calls when they arrive, in windows of one kind. Whether Defender counts those that it refuses, too, is unknown. */
final class SimulatedUpstream {
    /** How it counts. */
    enum Kind {
        FIXED,
        ROLLING,
        TOKEN_BUCKET
    }

    private final List<Limit> limits = new ArrayList<>();
    private boolean countsRefused;
    private int accepted;
    private int refused;

    SimulatedUpstream(Kind kind, List<Quota> quotas, Random random) {
        for (Quota quota : quotas) {
            long window = quota.window().toNanos();
            limits.add(
                    switch (kind) {
                        case FIXED -> new FixedWindow(quota.permits(), window, (long) (random.nextDouble() * window));
                        case ROLLING -> new RollingWindow(quota.permits(), window);
                        case TOKEN_BUCKET -> new TokenBucket(quota.permits(), window);
                    });
        }
    }

    /** Counts the calls that it refuses like the others. */
    void countRefused() {
        countsRefused = true;
    }

    /**
     * One call that arrives now.
     *
     * @return nanoseconds until it would be accepted; 0 if it is
     */
    long call(long now) {
        boolean isFree = free(now) <= now;
        if (isFree || countsRefused) {
            limits.forEach(limit -> limit.count(now));
        }
        if (isFree) {
            accepted++;
            return 0;
        }
        refused++;
        return free(now) - now;
    }

    private long free(long now) {
        return limits.stream().mapToLong(limit -> limit.free(now)).max().orElse(now);
    }

    int accepted() {
        return accepted;
    }

    int refused() {
        return refused;
    }

    private interface Limit {
        /** The first moment from now on at which one more call is accepted. */
        long free(long now);

        void count(long now);
    }

    private static final class FixedWindow implements Limit {
        private final int permits;
        private final long window;
        private final long phase;
        private long current = Long.MIN_VALUE;
        private int used;

        FixedWindow(int permits, long window, long phase) {
            this.permits = permits;
            this.window = window;
            this.phase = phase;
        }

        @Override
        public long free(long now) {
            long index = Math.floorDiv(now - phase, window);
            return index != current || used < permits ? now : (index + 1) * window + phase;
        }

        @Override
        public void count(long now) {
            long index = Math.floorDiv(now - phase, window);
            used = index == current ? used + 1 : 1;
            current = index;
        }
    }

    private static final class RollingWindow implements Limit {
        private final long window;
        private final long[] last;
        private int next;
        private boolean full;

        RollingWindow(int permits, long window) {
            this.window = window;
            this.last = new long[permits];
        }

        @Override
        public long free(long now) {
            return full ? Math.max(now, last[next] + window) : now;
        }

        @Override
        public void count(long now) {
            last[next] = now;
            next = (next + 1) % last.length;
            full = full || next == 0;
        }
    }

    /** Full at the start; a permit comes back every {@code window / permits}. */
    private static final class TokenBucket implements Limit {
        private final double interval;
        private final double lead;
        private double emptied;

        TokenBucket(int permits, long window) {
            this.interval = (double) window / permits;
            this.lead = interval * (permits - 1);
        }

        @Override
        public long free(long now) {
            return Math.max(now, (long) Math.ceil(emptied - lead));
        }

        @Override
        public void count(long now) {
            emptied = Math.max(emptied, (double) now) + interval;
        }
    }
}
