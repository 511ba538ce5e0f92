package dev.alertuser.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.service.alert.AlertId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchPlacesTest {
    private static final List<AlertId> HUNDRED =
            IntStream.range(0, 100).mapToObj(i -> new AlertId("da" + i)).toList();

    @Test
    void handsOutAsManyAlertsAsThereArePlaces() throws Exception {
        BatchPlaces places = new BatchPlaces(HUNDRED);
        List<AlertId> asked = new ArrayList<>();

        for (Optional<AlertId> next = places.next(); next.isPresent(); next = places.next()) {
            asked.add(next.get());
            places.done(true);
        }

        assertThat(asked).isEqualTo(HUNDRED.subList(0, BatchPlaces.MOST));
    }

    @Test
    void anAlertThatNeedsNoPlaceMakesRoomForTheNext() throws Exception {
        BatchPlaces places = new BatchPlaces(HUNDRED);

        for (AlertId alertId : HUNDRED) {
            assertThat(places.next()).contains(alertId);
            places.done(false);
        }

        assertThat(places.next()).isEmpty();
    }

    /** Others are still being asked, and would give way to nobody. */
    @Test
    void nobodyWaitsOnceTheLastAlertIsHandedOut() throws Exception {
        BatchPlaces places = new BatchPlaces(HUNDRED.subList(0, BatchPlaces.MOST));
        for (int i = 0; i < BatchPlaces.MOST; i++) {
            places.next();
        }

        assertThat(places.next()).isEmpty();
    }

    /** With as many threads as one likes, and alerts that need a place or do not by the toss of a coin. */
    @Test
    void neverMoreThanTwentyFiveAreAskedOrPlacedAtATime() throws Exception {
        for (int round = 0; round < 50; round++) {
            BatchPlaces places = new BatchPlaces(HUNDRED);
            AtomicInteger busy = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            AtomicInteger placed = new AtomicInteger();
            ExecutorService threads = Executors.newCachedThreadPool();
            List<Future<?>> runners = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                runners.add(threads.submit(() -> {
                    while (places.next().isPresent()) {
                        most.accumulateAndGet(busy.incrementAndGet(), Math::max);
                        boolean place = ThreadLocalRandom.current().nextBoolean();
                        busy.addAndGet(place ? 0 : -1);
                        placed.addAndGet(place ? 1 : 0);
                        places.done(place);
                    }
                    return null;
                }));
            }
            for (Future<?> runner : runners) {
                runner.get();
            }
            threads.shutdown();

            assertThat(most).hasValueLessThanOrEqualTo(BatchPlaces.MOST);
            assertThat(placed).hasValueLessThanOrEqualTo(BatchPlaces.MOST);
        }
    }
}
