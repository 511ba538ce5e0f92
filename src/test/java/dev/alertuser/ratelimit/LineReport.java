package dev.alertuser.ratelimit;

import java.util.List;
import java.util.Locale;

/**
 * How callers fared that met a spent budget and came back when they were told.
 *
 * @param visits of a caller until its answer, on average
 * @param visits95 what 95 % of the callers did not exceed
 * @param pairs of callers of which the one was told its time before the other came
 * @param overtaken share of the pairs of which the other was served earlier, by more than was given; 0 of no pairs
 */
public record LineReport(int callers, double visits, int visits95, int mostVisits, long pairs, double overtaken) {
    /**
     * A caller that was served; times in milliseconds of one clock.
     *
     * @param asked when its first request began
     * @param told when that was answered
     * @param served when it had its permit
     * @param visits requests, the last one included
     */
    public record Caller(long asked, long told, long served, int visits) {}

    /**
     * The report on these callers, of which there is at least one.
     *
     * @param more milliseconds by which the other has to be served earlier
     */
    public static LineReport of(List<Caller> callers, long more) {
        List<Integer> visits = callers.stream().map(Caller::visits).sorted().toList();
        long pairs = 0;
        long overtaken = 0;
        for (Caller one : callers) {
            for (Caller other : callers) {
                if (one.told() < other.asked()) {
                    pairs++;
                    overtaken += one.served() - other.served() > more ? 1 : 0;
                }
            }
        }
        return new LineReport(
                callers.size(),
                visits.stream().mapToInt(Integer::intValue).average().orElseThrow(),
                visits.get((visits.size() * 95 - 1) / 100),
                visits.get(visits.size() - 1),
                pairs,
                pairs == 0 ? 0 : (double) overtaken / pairs);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d callers, %.2f visits an answer (95 %% within %d, most %d), %.1f %% of %d pairs overtaken",
                callers,
                visits,
                visits95,
                mostVisits,
                100 * overtaken,
                pairs);
    }
}
