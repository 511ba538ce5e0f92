package dev.alertuser.ratelimit;

import java.util.Random;

/** How long calls travel to the upstream: 20 to 800 ms, in nanoseconds. */
final class SimulatedLatency {
    /** Whether one call's latency tells that of the next. */
    enum Kind {
        /** Each its own. */
        INDEPENDENT,
        /** One level for 5 to 120 s, and a little noise. */
        CORRELATED,
        /** The fastest for 5 to 120 s, then the slowest. */
        EXTREME
    }

    private static final int FASTEST = 20;
    private static final int SLOWEST = 800;
    private static final int NOISE = 40;

    private final Kind kind;
    private final Random random;
    private long regimeEnds;
    private int level;

    SimulatedLatency(Kind kind, Random random) {
        this.kind = kind;
        this.random = random;
    }

    long next(long now) {
        if (kind == Kind.INDEPENDENT) {
            return Simulation.MILLISECOND * between(FASTEST, SLOWEST);
        }
        if (now >= regimeEnds) {
            regimeEnds = now + Simulation.SECOND * between(5, 120);
            level = kind == Kind.CORRELATED ? between(FASTEST, SLOWEST) : random.nextBoolean() ? FASTEST : SLOWEST;
        }
        int noisy = level + between(-NOISE / 2, NOISE / 2);
        return Simulation.MILLISECOND * Math.max(FASTEST, Math.min(SLOWEST, noisy));
    }

    private int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }
}
