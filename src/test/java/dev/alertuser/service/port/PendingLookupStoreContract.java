package dev.alertuser.service.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.LeftOut;
import dev.alertuser.service.alert.LookupId;
import dev.alertuser.service.alert.LookupProgress;
import dev.alertuser.service.alert.PendingLookup;
import dev.alertuser.service.alert.PendingLookup.Kind;
import dev.alertuser.service.port.PendingLookupStore.Stored;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every store of pending lookups does. */
public abstract class PendingLookupStoreContract {
    protected static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123Z");
    protected static final PendingLookup LOOKUP = new PendingLookup(
            Kind.SINGLE, List.of(new AlertId("da1")), LeftOut.NOTHING, true, NOON, new Correlation("c-1", "00-a-b-01"));
    protected static final LookupProgress LATER = LookupProgress.pending(NOON.plusSeconds(30), 1);

    /** The same store for each call in one test. */
    protected abstract PendingLookupStore lookups();

    @Test
    void findsWhatItStored() {
        Stored stored = lookups().find(lookups().add(LOOKUP, LATER)).orElseThrow();

        assertThat(stored.lookup()).isEqualTo(LOOKUP);
        assertThat(stored.progress()).isEqualTo(LATER);
    }

    @Test
    void aReplacementFromAnOutdatedReadIsALostRace() {
        LookupId id = lookups().add(LOOKUP, LATER);
        Stored read = lookups().find(id).orElseThrow();

        Stored ours = lookups()
                .replace(id, read, LATER.notBefore(NOON.plusSeconds(60)))
                .orElseThrow();

        assertThat(lookups().replace(id, read, LATER)).as("an outdated read").isEmpty();
        assertThat(lookups().find(id)).contains(ours);
        assertThat(lookups().replace(id, ours, LATER)).as("the last write").isPresent();
    }

    @Test
    void theIdNamesTheDayOfTheLookup() {
        assertThat(lookups().add(LOOKUP, LATER).day()).isEqualTo(LocalDate.of(2026, 1, 1));
    }

    @Test
    void findsNothingUnderAnotherDayOrSecret() {
        LookupId id = lookups().add(LOOKUP, LATER);

        assertThat(lookups().find(new LookupId(id.day().plusDays(1), id.secret())))
                .isEmpty();
        assertThat(lookups().find(new LookupId(id.day(), "0".repeat(32)))).isEmpty();
    }
}
