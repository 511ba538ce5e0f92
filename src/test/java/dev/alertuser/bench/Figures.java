package dev.alertuser.bench;

import dev.alertuser.bench.Fleet.Share;
import dev.alertuser.bench.Load.Use;
import dev.alertuser.ratelimit.JainIndex;
import dev.alertuser.ratelimit.Windows;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What one phase came to.
 *
 * @param permits used by all instances together, until the phase ended
 * @param refused callers that had none by then
 * @param most for each limit, the most permits used in any window of its length
 * @param preparation table operations of an instance before the phase, which the others do not include
 * @param waitMedianMillis of all callers, refused ones with the time until the end
 * @param fairness Jain's index of the instances' permits: 1 if all had the same, 1/n if one had all
 * @param fairnessOfHalfMinute the lowest of any half-minute that begins at a whole second; of all if the phase is not longer
 */
record Figures(
        int permits,
        int refused,
        List<Integer> most,
        double preparation,
        double operationsPerPermit,
        double conflictsPerPermit,
        long waitMedianMillis,
        long waitP99Millis,
        double fairness,
        double fairnessOfHalfMinute) {

    private static final long HALF_MINUTE = 30_000;

    static Figures of(List<Share> shares) {
        List<Long> times = shares.stream()
                .flatMap(share -> share.uses().stream())
                .map(Use::atMillis)
                .sorted()
                .toList();
        List<Long> refused =
                shares.stream().flatMap(share -> share.refusedMillis().stream()).toList();
        List<Long> waits = Stream.concat(
                        shares.stream().flatMap(share -> share.uses().stream()).map(Use::waitMillis), refused.stream())
                .sorted()
                .toList();
        if (times.isEmpty()) {
            throw new IllegalStateException("no permit was used");
        }
        return new Figures(
                times.size(),
                refused.size(),
                Contender.LIMITS.stream()
                        .map(limit -> Windows.mostWithin(times, limit.window().toMillis()))
                        .toList(),
                shares.stream().mapToLong(Share::preparation).sum() / (double) shares.size(),
                shares.stream().mapToLong(Share::operations).sum() / (double) times.size(),
                shares.stream().mapToLong(Share::conflicts).sum() / (double) times.size(),
                waits.get(waits.size() / 2),
                waits.get(waits.size() * 99 / 100),
                jain(shares, times.get(0), Long.MAX_VALUE),
                LongStream.iterate(
                                times.get(0),
                                from -> from == times.get(0) || from + HALF_MINUTE <= times.get(times.size() - 1),
                                from -> from + 1_000)
                        .mapToDouble(from -> jain(shares, from, from + HALF_MINUTE))
                        .filter(index -> !Double.isNaN(index))
                        .min()
                        .orElseThrow());
    }

    /** Of the permits that were used in a time; not a number if there are none. */
    private static double jain(List<Share> shares, long from, long to) {
        return JainIndex.of(shares.stream()
                .mapToLong(share -> share.uses().stream()
                        .filter(use -> from <= use.atMillis() && use.atMillis() < to)
                        .count()));
    }
}
