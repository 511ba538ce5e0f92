package dev.alertuser.ratelimit.counter;

import dev.alertuser.service.budget.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The quotas that the limiter keeps, with margin and reserve.
 *
 * @param quotas one for each window, shortest window first, no two of the same length
 * @param margin added to each window. It covers the time that may pass between a permit's slot and the arrival of its call:
 *     the send deadline (half of it), the spread of the network's latency (0.8 s of the usual 2 s), the doubt about the clock (the rest)
 */
public record QuotaPolicy(List<Quota> quotas, Duration margin) {
    /** How far ahead a permit may be reserved. No caller may wait longer for one. */
    public static final Duration HORIZON = Duration.ofMinutes(2);

    /** How far ahead a request of the backlog is told a turn of its own. Who comes when these are given out is told the end of them. */
    public static final Duration BACKLOG_HORIZON = Duration.ofMinutes(5);

    /** Number of backlog calls in a burst before they are spread evenly over the longest window. */
    private static final int PACING_BURST = 25;

    /** Enough for any sensible settings; each makes a decision longer. */
    private static final int MAX_QUOTAS = 16;

    private static final Duration MAX_MARGIN = Duration.ofMinutes(1);

    public QuotaPolicy {
        quotas = quotas.stream().sorted(Comparator.comparing(Quota::window)).toList();
        if (quotas.isEmpty() || quotas.size() > MAX_QUOTAS) {
            throw new IllegalArgumentException(
                    "there must be 1 to " + MAX_QUOTAS + " quotas but were " + quotas.size());
        }
        for (int i = 1; i < quotas.size(); i++) {
            if (quotas.get(i).window().equals(quotas.get(i - 1).window())) {
                throw new IllegalArgumentException("each window may have one quota only but two last "
                        + quotas.get(i).window());
            }
        }
        if (margin.isNegative() || margin.compareTo(MAX_MARGIN) > 0) {
            throw new IllegalArgumentException("margin must be zero to " + MAX_MARGIN + " but was " + margin);
        }
    }

    /** Milliseconds within which no more than the permits of the quota may be stamped. */
    public long span(Quota quota) {
        return quota.window().plus(margin).toMillis();
    }

    /** The span of the longest window: what is older can be forgotten. */
    public long longestSpan() {
        return span(longest());
    }

    /** The span of the shortest window. */
    long shortestSpan() {
        return span(quotas.get(0));
    }

    /**
     * Milliseconds by which a pause that Defender asked for lasts longer for callers of this priority. The backlog waits for another of the shortest
     * windows: if somebody else spends the same quota, every permit that comes free is taken, and we would call in vain every few seconds.
     */
    public long restAfterPause(Priority priority) {
        return priority == Priority.INTERACTIVE ? 0 : shortestSpan();
    }

    Quota longest() {
        return quotas.get(quotas.size() - 1);
    }

    /** Milliseconds after its slot within which a permit's call must have left. */
    public long sendDeadline() {
        return margin.toMillis() / 2;
    }

    /** The storage time at which a permit may be used: slightly before its slot. */
    public long opensAt(long slot) {
        return slot - clockSlack();
    }

    /**
     * Whether a permit's call may still leave: surely no later than the send deadline and the doubt about the clock after its slot.
     *
     * @param end the last moment that the slot stands for
     */
    public boolean isCurrent(long end, TimeBounds now) {
        return now.late() <= end + sendDeadline() + clockSlack();
    }

    /** Milliseconds of uncertainty about the storage service's time that the margin allows for, on either side. */
    public long clockSlack() {
        return margin.toMillis() / 20;
    }

    /** Milliseconds between two backlog calls when they are spread evenly over the longest window. */
    long pacingInterval() {
        return longestSpan() / longest().permitsFor(Priority.BACKLOG);
    }

    /** Milliseconds by which the backlog may run ahead of its even pace. */
    long pacingLead() {
        return (PACING_BURST - 1) * pacingInterval();
    }

    /** The policy that satisfies both: all windows of either, the fewer permits, the larger reserve, the wider margin. */
    QuotaPolicy strictest(QuotaPolicy other) {
        List<Quota> both = new ArrayList<>(quotas);
        for (Quota theirs : other.quotas) {
            Quota ours = quotas.stream()
                    .filter(q -> q.window().equals(theirs.window()))
                    .findFirst()
                    .orElse(theirs);
            int permits = Math.min(ours.permits(), theirs.permits());
            int reserve = Math.min(Math.max(ours.reserve(), theirs.reserve()), permits - 1);
            both.remove(ours);
            both.add(new Quota(permits, theirs.window(), reserve));
        }
        return new QuotaPolicy(atMost(MAX_QUOTAS, both), margin.compareTo(other.margin) > 0 ? margin : other.margin);
    }

    /** Merges the two longest windows until {@code most} are left; the merged one is stricter than either, and not longer. */
    private static List<Quota> atMost(int most, List<Quota> quotas) {
        List<Quota> fewer = new ArrayList<>(quotas);
        fewer.sort(Comparator.comparing(Quota::window));
        while (fewer.size() > most) {
            Quota longest = fewer.remove(fewer.size() - 1);
            Quota next = fewer.remove(fewer.size() - 1);
            int permits = Math.min(longest.permits(), next.permits());
            int reserve = Math.min(Math.max(longest.reserve(), next.reserve()), permits - 1);
            fewer.add(new Quota(permits, longest.window(), reserve));
        }
        return fewer;
    }
}
