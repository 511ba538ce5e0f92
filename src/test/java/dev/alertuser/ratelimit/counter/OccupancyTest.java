package dev.alertuser.ratelimit.counter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.QuestionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Against the definition, by brute force: on small numbers, every window is looked at. */
class OccupancyTest {
    private static final Occupancy NOTHING = Occupancy.of(PermitLog.EMPTY, Line.EMPTY);

    /** @param end the last moment that belongs to it */
    private record Interval(long start, long end) {
        boolean meets(long window, long span) {
            return start < window + span && window <= end;
        }
    }

    @Property
    void earliestIsTheFirstMomentAtWhichNoWindowMeetsMoreIntervalsThanPermits(
            @ForAll("intervals") List<Interval> taken,
            @ForAll @IntRange(max = 70) int from,
            @ForAll @IntRange(max = 10) int doubt,
            @ForAll @IntRange(min = 1, max = 6) int permits,
            @ForAll @IntRange(min = 1, max = 20) int span) {
        assertThat(occupancy(taken).earliest(from, doubt, permits, span))
                .isEqualTo(firstLegal(taken, from, doubt, List.of(new Quota(permits, Duration.ofMillis(span), 0))));
    }

    /** The log is in the order of the slots, and not of their ends. */
    @Property
    void permitsCountFromTheirSlotsToTheirEnds(
            @ForAll("intervals") List<Interval> taken,
            @ForAll @IntRange(max = 70) int from,
            @ForAll @IntRange(min = 1, max = 6) int permits,
            @ForAll @IntRange(min = 1, max = 20) int span) {
        PermitLog log = PermitLog.EMPTY;
        for (Interval interval : taken) {
            int doubt = (int) (interval.end() - interval.start());
            log = log.with(interval.start(), doubt, Priority.INTERACTIVE);
        }

        assertThat(Occupancy.of(log, Line.EMPTY).earliest(from, 2, permits, span))
                .isEqualTo(firstLegal(taken, from, 2, List.of(new Quota(permits, Duration.ofMillis(span), 0))));
    }

    @Property
    void earliestKeepsAllQuotas(
            @ForAll("intervals") List<Interval> taken,
            @ForAll @IntRange(max = 70) int from,
            @ForAll @IntRange(max = 10) int doubt,
            @ForAll("policies") QuotaPolicy policy) {
        assertThat(occupancy(taken).earliest(policy, Priority.INTERACTIVE, from, doubt))
                .isEqualTo(firstLegal(taken, from, doubt, policy.quotas()));
    }

    /** With as many permits as it may use, an occupancy that grows by {@code earliest} stays legal, and so does every smaller one. */
    @Property
    void aLegalOccupancyStaysLegalWhenIntervalsAreNarrowedOrRemoved(
            @ForAll("intervals") List<Interval> wanted,
            @ForAll @IntRange(min = 1, max = 6) int permits,
            @ForAll @IntRange(min = 1, max = 20) int span,
            @ForAll @IntRange(max = 100) int which,
            @ForAll @IntRange(max = 10) int from,
            @ForAll @IntRange(max = 10) int to) {
        List<Interval> taken = new ArrayList<>();
        Occupancy occupancy = NOTHING;
        for (Interval interval : wanted) {
            long doubt = interval.end() - interval.start();
            long start = occupancy.earliest(interval.start(), doubt, permits, span);
            taken.add(new Interval(start, start + doubt));
            occupancy = occupancy.with(start, start + doubt);
            assertLegal(taken, permits, span);
        }
        if (taken.isEmpty()) {
            return;
        }
        Interval changed = taken.remove(which % taken.size());
        long later = occupancy.earliest(0, 3, permits, span);
        assertThat(occupancy(taken).earliest(0, 3, permits, span)).isLessThanOrEqualTo(later);
        long start = Math.min(changed.end(), changed.start() + from);
        taken.add(new Interval(start, Math.min(changed.end(), start + to)));

        assertLegal(taken, permits, span);
        assertThat(occupancy(taken).earliest(0, 3, permits, span)).isLessThanOrEqualTo(later);
    }

    @Test
    void thePermitsOfTheReserveAreLeftByTheBacklog() {
        QuotaPolicy policy = new QuotaPolicy(List.of(new Quota(3, Duration.ofMillis(10), 2)), Duration.ofMillis(5));
        Occupancy occupancy = NOTHING.with(100, 100);

        assertThat(occupancy.earliest(policy, Priority.INTERACTIVE, 100, 0)).isEqualTo(100);
        assertThat(occupancy.earliest(policy, Priority.BACKLOG, 100, 0)).isEqualTo(115);
    }

    /** A permit from its slot to its doubt after it, a place as long as it can be claimed; who claimed it has its permit in the log. */
    @Test
    void countsPermitsWithTheirDoubtAndPlacesForAsLongAsTheyCanBeClaimed() {
        PermitLog log = PermitLog.EMPTY.with(100_000, 300, Priority.INTERACTIVE).with(50_000, Priority.BACKLOG);
        Line line = Line.EMPTY
                .with(new Place(200_000, new QuestionKey(1)))
                .with(new Place(300_000, new QuestionKey(2), true))
                .with(new Place(400_000, new QuestionKey(3)));
        Occupancy occupancy = Occupancy.of(log, line);

        assertThat(nextFree(occupancy, 49_999, 50_000, 99_999, 100_000, 100_300))
                .containsExactly(50_001, 50_001, 100_301, 100_301, 100_301);
        assertThat(nextFree(occupancy, 100_301, 199_999, 200_000, 213_000, 213_001))
                .containsExactly(100_301, 213_001, 213_001, 213_001, 213_001);
        assertThat(nextFree(occupancy, 300_000, 399_998, 399_999, 413_000))
                .containsExactly(300_000, 399_998, 413_001, 413_001);
    }

    /** The first moments at which neither they nor the ones after them are taken. */
    private static long[] nextFree(Occupancy occupancy, long... froms) {
        return LongStream.of(froms)
                .map(from -> occupancy.earliest(from, 1, 1, 1))
                .toArray();
    }

    private static Occupancy occupancy(List<Interval> intervals) {
        Occupancy occupancy = NOTHING;
        for (Interval interval : intervals) {
            occupancy = occupancy.with(interval.start(), interval.end());
        }
        return occupancy;
    }

    private static long firstLegal(List<Interval> taken, long from, long doubt, List<Quota> quotas) {
        long start = from;
        while (!isLegal(taken, new Interval(start, start + doubt), quotas)) {
            start++;
        }
        return start;
    }

    private static boolean isLegal(List<Interval> taken, Interval added, List<Quota> quotas) {
        for (Quota quota : quotas) {
            long span = quota.window().toMillis();
            for (long window = added.start() - span + 1; window <= added.end(); window++) {
                if (met(taken, window, span) >= quota.permits()) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void assertLegal(List<Interval> taken, int permits, int span) {
        long last = taken.stream().mapToLong(Interval::end).max().orElse(0);
        for (long window = -span; window <= last; window++) {
            assertThat(met(taken, window, span)).isLessThanOrEqualTo(permits);
        }
    }

    private static long met(List<Interval> taken, long window, long span) {
        return taken.stream().filter(interval -> interval.meets(window, span)).count();
    }

    @Provide
    Arbitrary<List<Interval>> intervals() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 60), Arbitraries.longs().between(0, 10))
                .as((start, doubt) -> new Interval(start, start + doubt))
                .list()
                .ofMaxSize(15);
    }

    @Provide
    Arbitrary<QuotaPolicy> policies() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 6),
                        Arbitraries.integers().between(1, 20))
                .as((permits, span) -> new Quota(permits, Duration.ofMillis(span), 0))
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .uniqueElements(Quota::window)
                .map(quotas -> new QuotaPolicy(quotas, Duration.ZERO));
    }
}
