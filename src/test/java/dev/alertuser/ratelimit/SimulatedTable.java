package dev.alertuser.ratelimit;

import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.counter.PermitLog;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.ratelimit.counter.TimeBounds;
import dev.alertuser.ratelimit.store.CounterStore;
import dev.alertuser.ratelimit.store.StorageClock;
import dev.alertuser.service.budget.Priority;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The row in Table storage, some milliseconds away from each instance, on a server whose clock is the true time. */
final class SimulatedTable {
    /** Nanoseconds; half of all round trips take longer. */
    private static final double MEDIAN_ROUND_TRIP = 8e6;

    /** Nanoseconds by which the clocks of the service's servers may be off. */
    private static final long SERVER_CLOCK_ERROR = 10_000_000;

    private final Simulation simulation;
    private final Random random;

    private @Nullable Counter row;
    private boolean corrupt;
    private long skew;
    private double switching;
    private boolean renewedByTimer;
    private final long[] phases = new long[2];
    private long changes;
    private int operations;
    private int conflicts;

    SimulatedTable(Simulation simulation) {
        this.simulation = simulation;
        this.random = new Random(simulation.random.nextLong());
    }

    /** The table as an instance reaches it that has that clock and those nanoseconds. */
    CounterStore seenBy(StorageClock clock, LongConsumer sleep) {
        return new Connection(clock, sleep);
    }

    /**
     * Half of the front ends have a clock that is ahead of the others'.
     *
     * @param nanos by so much
     * @param probability that an instance's next request goes to any of them rather than to the last one's
     */
    void skewFrontEnds(long nanos, double probability) {
        skew = nanos;
        switching = probability;
    }

    /** Each front end renews its header by a timer of its own, once a second, at any moment of the second. */
    void renewHeadersByTimer() {
        renewedByTimer = true;
        for (int i = 0; i < phases.length; i++) {
            phases[i] = random.nextLong(Simulation.SECOND);
        }
    }

    /** The hour is spent by permits that were granted at those moments, in milliseconds before now. */
    void spend(QuotaPolicy policy, LongStream ago) {
        long now = VirtualTime.START_MILLIS + simulation.now() / 1_000_000;
        TimeBounds exactly = new TimeBounds(now, now);
        Counter spent = Counter.EMPTY;
        for (long millis : ago.toArray()) {
            spent = spent.with(policy, Priority.INTERACTIVE, now - millis, exactly);
        }
        row = spent.committed(new UUID(random.nextLong(), random.nextLong()), policy, exactly);
        changes++;
    }

    /** The permits of the last hour. */
    PermitLog log() {
        return row == null ? PermitLog.EMPTY : row.log();
    }

    int operations() {
        return operations;
    }

    int conflicts() {
        return conflicts;
    }

    void delete() {
        row = null;
        changes++;
    }

    void corrupt() {
        corrupt = true;
        changes++;
    }

    private final class Connection implements CounterStore {
        private final StorageClock clock;
        private final LongConsumer sleep;
        private boolean ahead;

        Connection(StorageClock clock, LongConsumer sleep) {
            this.clock = clock;
            this.sleep = sleep;
        }

        @Override
        public @Nullable Row read() {
            RoundTrip trip = new RoundTrip(clock, sleep, frontEndError(), phases[ahead ? 1 : 0]);
            Row seen = corrupt ? new Row(null, eTag()) : row == null ? null : new Row(row, eTag());
            trip.back();
            return seen;
        }

        @Override
        public Write replace(Counter next, @Nullable String eTag) {
            RoundTrip trip = new RoundTrip(clock, sleep, frontEndError(), phases[ahead ? 1 : 0]);
            boolean landed = eTag == null ? row == null && !corrupt : (row != null || corrupt) && eTag.equals(eTag());
            if (landed) {
                row = next;
                corrupt = false;
                changes++;
            } else {
                conflicts++;
            }
            String written = landed ? eTag() : null;
            boolean timely = trip.back();
            return landed ? new Write(written, timely) : Write.LOST;
        }

        private long frontEndError() {
            if (skew > 0 && random.nextDouble() < switching) {
                ahead = random.nextBoolean();
            }
            return ahead ? skew : 0;
        }

        private String eTag() {
            return "v" + changes;
        }
    }

    private final class RoundTrip {
        private final StorageClock clock;
        private final LongConsumer sleep;
        private final long sent;
        private final long back;
        private final Instant date;

        /** Takes as long as the way there. */
        RoundTrip(StorageClock clock, LongConsumer sleep, long frontEndError, long phase) {
            this.clock = clock;
            this.sleep = sleep;
            operations++;
            sent = clock.nanoTime();
            long whole = (long) (MEDIAN_ROUND_TRIP * StrictMath.exp(0.5 * random.nextGaussian()));
            long there = (long) (whole * random.nextDouble());
            back = whole - there;
            simulation.sleep(there);
            long error = random.nextLong(-SERVER_CLOCK_ERROR, SERVER_CLOCK_ERROR);
            long time = VirtualTime.START_MILLIS * 1_000_000 + simulation.now() + error + frontEndError;
            long renewed = renewedByTimer ? time - Math.floorMod(time - phase, Simulation.SECOND) : time;
            date = Instant.ofEpochSecond(Math.floorDiv(renewed, Simulation.SECOND));
        }

        boolean back() {
            sleep.accept(back);
            return clock.observe(sent, clock.nanoTime(), date);
        }
    }
}
