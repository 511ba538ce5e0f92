package dev.alertuser.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.localkit.fake.StorageFault;
import dev.alertuser.localkit.fake.StorageProxy;
import dev.alertuser.localkit.process.Azurite;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real processes, a real table: together they never exceed the limits, and they use them. {@link Chaos} is the long form. */
@Tag("load")
class LimiterFleetIT {
    private static Azurite azurite;

    @BeforeAll
    static void start() {
        azurite = Azurite.inMemory();
    }

    @AfterAll
    static void stop() {
        azurite.close();
    }

    @Test
    void undisturbedEachPermitIsUsedOnceAndMostOfThoseThatAreDue() throws Exception {
        FleetReport report = Chaos.undisturbed(azurite, azurite.connectionString(), Duration.ofSeconds(7));

        assertThat(report.faults()).isEmpty();
        assertThat(report.lost() + report.failed()).as("lost or failed").isZero();
        // A starved process misses some; a limiter that stops after its first burst misses most.
        assertThat(report.slots().size()).isGreaterThan((int) (0.6 * report.due()));
        assertThat(report.calls().size()).isGreaterThan((int) (0.5 * report.due()));
    }

    @Test
    void whatIsLostOrLateChargesNothingTwice() throws Exception {
        try (StorageProxy proxy = StorageProxy.before(azurite)) {
            StorageFault lostOrLate = StorageFault.LOST_REQUEST.oneIn(20, StorageFault.LATE_REQUEST.oneIn(100));
            proxy.treat(StorageFault.LOST_ANSWER.oneIn(10, lostOrLate));
            FleetReport report = Chaos.undisturbed(azurite, proxy.connectionString(), Duration.ofSeconds(8));

            assertThat(report.faults()).isEmpty();
            assertThat(report.ambiguous()).isPositive();
        }
    }

    /** Farther apart than the limiter takes for granted. */
    @Test
    void frontEndsWithOtherClocksExceedNothing() throws Exception {
        try (StorageProxy proxy = StorageProxy.before(azurite)) {
            proxy.treat(StorageFault.frontEnds(List.of(Duration.ofMillis(-200), Duration.ofMillis(200))));
            FleetReport report = Chaos.undisturbed(azurite, proxy.connectionString(), Duration.ofSeconds(10));

            assertThat(report.faults()).isEmpty();
            assertThat(report.calls()).isNotEmpty();
        }
    }

    /** The seed fixes when which process is killed, not what it is at in that moment. */
    @Test
    void killedProcessesAndLostAnswersExceedNothing() throws Exception {
        long seed = new Random().nextLong();
        try (StorageProxy proxy = StorageProxy.before(azurite)) {
            proxy.treat(StorageFault.LOST_ANSWER.oneIn(20));
            FleetReport report = Chaos.killed(azurite, proxy, 8, Duration.ofSeconds(1), new Random(seed));

            assertThat(report.faults()).as("kills of seed %s", seed).isEmpty();
            assertThat(report.kills()).isEqualTo(8);
            assertThat(report.calls()).isNotEmpty();
            assertThat(proxy.unanswered()).isPositive();
        }
    }
}
