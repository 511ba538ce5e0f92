package dev.alertuser.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.localkit.fake.StorageFault;
import dev.alertuser.localkit.fake.StorageProxy;
import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.ratelimit.LimiterFleet.Report;
import java.io.IOException;
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
    void undisturbedEachSlotIsUsedOnce() throws Exception {
        Report report = Chaos.undisturbed(azurite, azurite.connectionString(), Duration.ofSeconds(12));

        assertThat(Chaos.faults(report)).isEmpty();
        assertThat(report.failed()).isZero();
        assertThat(report.slots()).hasSize((int) (report.used().size() + report.unused()));
        assertThat(report.used()).hasSizeGreaterThan(40);
    }

    @Test
    void whatIsLostOrLateChargesNothingTwice() throws Exception {
        try (StorageProxy proxy = StorageProxy.before(azurite)) {
            StorageFault lostOrLate = StorageFault.LOST_REQUEST.inShare(0.05, StorageFault.LATE_REQUEST.inShare(0.005));
            proxy.treat(StorageFault.LOST_ANSWER.inShare(0.1, lostOrLate));
            Report report = Chaos.undisturbed(azurite, proxy.connectionString(), Duration.ofSeconds(15));

            assertThat(Chaos.faults(report)).isEmpty();
            assertThat(Chaos.accountingFaults(report)).isEmpty();
            assertThat(report.ambiguous()).isPositive();
        }
    }

    /** Farther apart than the limiter takes for granted. */
    @Test
    void frontEndsWithOtherClocksExceedNothing() throws Exception {
        try (StorageProxy proxy = StorageProxy.before(azurite)) {
            proxy.treat(StorageFault.frontEnds(List.of(Duration.ofMillis(-200), Duration.ofMillis(200))));
            Report report = Chaos.undisturbed(azurite, proxy.connectionString(), Duration.ofSeconds(10));

            assertThat(Chaos.faults(report)).isEmpty();
            assertThat(Chaos.accountingFaults(report)).isEmpty();
            assertThat(report.used()).isNotEmpty();
        }
    }

    @Test
    void killedProcessesAndLostAnswersExceedNothing() throws IOException, InterruptedException {
        long seed = new Random().nextLong();
        try (StorageProxy proxy = StorageProxy.before(azurite)) {
            proxy.treat(StorageFault.LOST_ANSWER.inShare(0.05));
            Report report =
                    Chaos.killed(azurite, proxy, 8, Duration.ofMillis(2500), Duration.ofSeconds(30), new Random(seed));

            assertThat(Chaos.faults(report)).as("seed %s", seed).isEmpty();
            assertThat(report.kills()).isPositive();
            assertThat(proxy.unanswered()).isPositive();
        }
    }
}
