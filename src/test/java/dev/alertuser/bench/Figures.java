package dev.alertuser.bench;

import dev.alertuser.bench.Fleet.Share;
import dev.alertuser.bench.Load.Use;
import java.time.Duration;
import java.util.List;

/**
 * What one phase came to.
 *
 * @param permits used by all instances together
 * @param most for each limit, the most permits used in any window of its length
 * @param fairness Jain's index of the instances' permits: 1 if all had the same, 1/n if one had all
 */
record Figures(
        int permits,
        List<Integer> most,
        double operationsPerPermit,
        double conflictsPerPermit,
        long waitMedianMillis,
        long waitP99Millis,
        double fairness) {

    static Figures of(List<Share> shares) {
        long[] times = shares.stream()
                .flatMap(share -> share.uses().stream())
                .mapToLong(Use::atMillis)
                .sorted()
                .toArray();
        long[] waits = shares.stream()
                .flatMap(share -> share.uses().stream())
                .mapToLong(Use::waitMillis)
                .sorted()
                .toArray();
        if (times.length == 0) {
            throw new IllegalStateException("no permit was used");
        }
        return new Figures(
                times.length,
                Contender.LIMITS.stream()
                        .map(limit -> mostWithin(times, limit.window()))
                        .toList(),
                shares.stream().mapToLong(Share::operations).sum() / (double) times.length,
                shares.stream().mapToLong(Share::conflicts).sum() / (double) times.length,
                waits[waits.length / 2],
                waits[waits.length * 99 / 100],
                jain(shares));
    }

    private static int mostWithin(long[] times, Duration window) {
        int most = 0;
        int first = 0;
        for (int last = 0; last < times.length; last++) {
            while (times[last] - times[first] >= window.toMillis()) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    private static double jain(List<Share> shares) {
        double sum = 0;
        double squares = 0;
        for (Share share : shares) {
            double permits = share.uses().size();
            sum += permits;
            squares += permits * permits;
        }
        return sum * sum / (shares.size() * squares);
    }
}
