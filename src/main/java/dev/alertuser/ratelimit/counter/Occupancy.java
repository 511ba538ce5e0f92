package dev.alertuser.ratelimit.counter;

import dev.alertuser.service.budget.Priority;
import java.util.Arrays;
import java.util.List;

/**
 * When permits may be used: an interval for each, those of a {@link PermitLog} and of a {@link Line} alike. Immutable; reads no clock.
 *
 * <p>It is legal if no window of a span meets more intervals than its quota has permits. Then no window holds too many permits, whichever
 * moment of its interval each of them is used at. To use a permit at one moment, or to give it up, narrows an interval or removes it, and
 * so never makes a legal occupancy illegal.
 */
final class Occupancy {
    /** The first and the last moments, each in order: how many intervals a window meets depends on nothing else. */
    private final long[] starts;

    private final long[] ends;

    private Occupancy(long[] starts, long[] ends) {
        this.starts = starts;
        this.ends = ends;
    }

    static Occupancy of(PermitLog log, Line line) {
        List<Place> open =
                line.places().stream().filter(place -> !place.claimed()).toList();
        int permits = log.size();
        long[] starts = new long[permits + open.size()];
        long[] ends = new long[starts.length];
        for (int i = 0; i < permits; i++) {
            starts[i] = log.slot(i);
            ends[i] = starts[i] + log.doubt(i);
        }
        for (int i = 0; i < open.size(); i++) {
            starts[permits + i] = open.get(i).slot();
            ends[permits + i] = open.get(i).end();
        }
        Arrays.sort(starts);
        Arrays.sort(ends);
        return new Occupancy(starts, ends);
    }

    Occupancy with(long start, long end) {
        return new Occupancy(inserted(starts, start), inserted(ends, end));
    }

    private static long[] inserted(long[] values, long value) {
        int found = Arrays.binarySearch(values, value);
        int index = found < 0 ? -found - 1 : found;
        long[] next = new long[values.length + 1];
        System.arraycopy(values, 0, next, 0, index);
        next[index] = value;
        System.arraycopy(values, index, next, index + 1, values.length - index);
        return next;
    }

    /**
     * The first moment at or after {@code from} at which a permit of that priority, used up to {@code doubt} milliseconds later, keeps all quotas,
     * on both sides of it.
     */
    long earliest(QuotaPolicy policy, Priority priority, long from, long doubt) {
        long start = from;
        long before;
        do {
            before = start;
            for (Quota quota : policy.quotas()) {
                start = earliest(start, doubt, quota.permitsFor(priority), policy.span(quota));
            }
        } while (start != before);
        return start;
    }

    /**
     * The first moment at or after {@code from} at which one more interval, {@code doubt} long, leaves no more than {@code permits} in any
     * window of that span.
     */
    long earliest(long from, long doubt, int permits, long span) {
        long start = from;
        // A window that begins after the k-th end and at or before the next one meets all intervals from that on which
        // begin before it ends. It is full if those are as many as there are permits.
        for (int k = endAt(from - span); k + permits <= starts.length; k++) {
            long lastBegin = ends[k];
            long notBefore = Math.max(k == 0 ? Long.MIN_VALUE : ends[k - 1], starts[k + permits - 1] - span);
            if (start + doubt <= notBefore) {
                break;
            }
            if (notBefore < lastBegin && start < lastBegin + span) {
                start = lastBegin + span;
            }
        }
        return start;
    }

    private int endAt(long time) {
        int found = Arrays.binarySearch(ends, time);
        return found < 0 ? -found - 1 : found;
    }
}
