package dev.alertuser.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.ratelimit.LimiterMetrics.Count;
import dev.alertuser.service.budget.LimiterStats;
import dev.alertuser.service.budget.Priority;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimiterMetricsTest {
    private static final long MINUTE = 60_000_000_000L;

    private final LimiterMetrics metrics = new LimiterMetrics(0);

    @Test
    void countsByNameAndKeepsTheLongestLag() {
        metrics.add(Count.granted(Priority.INTERACTIVE));
        metrics.add(Count.granted(Priority.BACKLOG));
        metrics.add(Count.granted(Priority.BACKLOG));
        metrics.add(Count.denied(Priority.INTERACTIVE));
        metrics.add(Count.OPERATIONS);
        metrics.addSlotLag(3);
        metrics.addSlotLag(40);
        metrics.addSlotLag(5);

        LimiterStats stats = take(MINUTE);

        assertThat(stats.counts())
                .containsEntry("grantedInteractive", 1L)
                .containsEntry("grantedBacklog", 2L)
                .containsEntry("deniedInteractive", 1L)
                .containsEntry("deniedBacklog", 0L)
                .containsEntry("operations", 1L);
        assertThat(stats.slotLagMillis()).isEqualTo(40);
        assertThat(stats.clockWidthMillis()).isEqualTo(87);
    }

    @Test
    void countsPromisesByWhatBecameOfThem() {
        metrics.add(Count.PLACES_MADE, 12);
        metrics.add(Count.PLACES_KEPT, 6);
        metrics.add(Count.PLACES_ABANDONED, 5);
        metrics.add(Count.PLACES_PAUSED, 4);
        metrics.add(Count.PLACES_RESET, 3);
        metrics.add(Count.PLACES_LOST, 2);
        metrics.add(Count.PLACES_UNAVAILABLE);

        assertThat(take(MINUTE).counts())
                .containsEntry("placesMade", 12L)
                .containsEntry("placesKept", 6L)
                .containsEntry("placesAbandoned", 5L)
                .containsEntry("placesPaused", 4L)
                .containsEntry("placesReset", 3L)
                .containsEntry("placesLost", 2L)
                .containsEntry("placesUnavailable", 1L);
    }

    @Test
    void offersNothingBeforeTheMinuteIsOver() {
        metrics.add(Count.CONFLICTS);

        assertThat(metrics.take(
                        MINUTE - 1,
                        () -> {
                            throw new AssertionError("windows are not asked for");
                        },
                        0))
                .isEmpty();
    }

    @Test
    void offersOnlyWhatIsNew() {
        metrics.add(Count.PAUSES);
        metrics.addSlotLag(7);
        LimiterStats first = take(MINUTE);
        metrics.add(Count.LATE_PERMITS);
        LimiterStats second = take(2 * MINUTE);

        assertThat(first.counts()).containsEntry("pauses", 1L);
        assertThat(first.slotLagMillis()).isEqualTo(7);
        assertThat(second.counts()).containsEntry("pauses", 0L).containsEntry("latePermits", 1L);
        assertThat(second.slotLagMillis()).isZero();
        assertThat(metrics.total(Count.PAUSES)).isEqualTo(1);
    }

    private LimiterStats take(long nanoTime) {
        return metrics.take(nanoTime, List::of, 87).orElseThrow();
    }
}
