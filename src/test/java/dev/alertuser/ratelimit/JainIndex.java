package dev.alertuser.ratelimit;

import java.util.stream.LongStream;

/** Jain's index of fairness: 1 if all shares are equal, 1/n if one of n has all. */
public final class JainIndex {
    private JainIndex() {}

    /** Not a number if nobody has anything. */
    public static double of(LongStream shares) {
        long[] all = shares.toArray();
        double sum = LongStream.of(all).sum();
        double squares =
                LongStream.of(all).mapToDouble(share -> (double) share * share).sum();
        return sum * sum / (all.length * squares);
    }
}
