package dev.alertuser.ratelimit.counter;

import dev.alertuser.service.budget.Priority;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Foretells when requests of the backlog have their permits, if no other caller asks. Reads no clock.
 *
 * <p>Places one permit after the other as the counter would: at the even pace, and where all quotas are kept. Among slots that are reserved or
 * promised, {@link Occupancy} finds the gaps. Behind them nothing is ahead any more, so a permit only waits until enough of those before it
 * have left each window.
 */
record BacklogForecast(Counter counter, QuotaPolicy policy, TimeBounds now) {
    /** Beyond this length a backlog is extrapolated at its average pace: such requests expire before they are served. */
    private static final int MAX_FORESEEN = 100_000;

    /** Milliseconds until the last of so many requests has its permit; 0 for none. */
    long served(long requests) {
        if (requests == 0) {
            return 0;
        }
        int foreseen = (int) Math.min(requests, MAX_FORESEEN);
        long last = lastSlot(foreseen) - now.early();
        return foreseen == requests ? Math.max(0, last) : last * (requests / foreseen);
    }

    private long lastSlot(int requests) {
        int doubt = Counter.doubt(policy, now);
        long from = Math.max(Counter.EMPTY.earliest(policy, Priority.BACKLOG, now), counter.pausedUntil());
        long paced = counter.pacedUntil();
        Occupancy occupancy = Occupancy.of(counter.log(), counter.line());
        long[] taken = ends().sorted().toArray();
        long[] ends = Arrays.copyOf(taken, taken.length + requests);
        int size = taken.length;
        long slot = from;
        boolean between = size > 0;
        while (size < ends.length) {
            slot = Math.max(from, paced - policy.pacingLead());
            if (between) {
                slot = occupancy.earliest(policy, Priority.BACKLOG, slot, doubt);
                occupancy = occupancy.with(slot, slot + doubt);
                between = slot <= taken[taken.length - 1];
            } else {
                slot = behind(ends, size, slot);
            }
            insert(ends, size++, slot + doubt);
            paced = Math.max(paced, slot) + policy.pacingInterval();
        }
        return slot;
    }

    private LongStream ends() {
        PermitLog log = counter.log();
        return LongStream.concat(
                IntStream.range(0, log.size()).mapToLong(i -> log.slot(i) + log.doubt(i)),
                counter.line().places().stream()
                        .filter(place -> !place.claimed())
                        .mapToLong(Place::end));
    }

    /** The first slot behind all others, from that one on, at which those that must have left their windows have. */
    private long behind(long[] ends, int size, long from) {
        long slot = from;
        for (Quota quota : policy.quotas()) {
            int leaving = size - quota.permitsFor(Priority.BACKLOG);
            slot = leaving < 0 ? slot : Math.max(slot, ends[leaving] + policy.span(quota));
        }
        return slot;
    }

    /** Keeps the order. */
    private static void insert(long[] ends, int size, long end) {
        int index = size;
        while (index > 0 && ends[index - 1] > end) {
            ends[index] = ends[index - 1];
            index--;
        }
        ends[index] = end;
    }
}
