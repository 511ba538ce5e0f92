package dev.alertuser.tables;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.data.tables.TableClient;
import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.localkit.Azurite;
import dev.alertuser.service.AlertId;
import dev.alertuser.service.Correlation;
import dev.alertuser.service.Lookup;
import dev.alertuser.service.Lookup.Kind;
import dev.alertuser.service.LookupId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TablePendingLookupsIT {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123Z");
    private static final Lookup LOOKUP =
            new Lookup(Kind.SINGLE, List.of(new AlertId("da1")), 0, true, NOON, new Correlation("c-1", "00-a-b-01"));
    private static Azurite azurite;

    private final TableClient table = builder().buildClient();
    private final TablePendingLookups lookups = new TablePendingLookups(builder(), "key");

    @BeforeAll
    static void start() {
        azurite = Azurite.inMemory();
    }

    @AfterAll
    static void stop() {
        azurite.close();
    }

    @Test
    void findsWhatItStored() {
        assertThat(lookups.find(lookups.add(LOOKUP))).contains(LOOKUP);
    }

    @Test
    void storesFiveHundredOfTheLongestIds() {
        List<AlertId> ids = IntStream.range(0, 500)
                .mapToObj(i -> new AlertId("a".repeat(125) + (100 + i)))
                .toList();
        Lookup large = new Lookup(Kind.BATCH, ids, 7, false, NOON, new Correlation("c-1", null));

        assertThat(lookups.find(lookups.add(large))).contains(large);
    }

    @Test
    void putsALookupIntoThePartitionOfItsDay() {
        LookupId id = lookups.add(LOOKUP);

        assertThat(id.day()).isEqualTo(LocalDate.of(2026, 1, 1));
        assertThat(table.listEntities())
                .anySatisfy(row -> assertThat(row.getPartitionKey()).startsWith("lookups-2026-01-01-"));
    }

    /** The secret is the right to read the answer, and whoever may look into the table or at its requests has no such right. */
    @Test
    void storesNoSecret() {
        LookupId id = lookups.add(LOOKUP);

        assertThat(table.listEntities())
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.getProperties().toString()).doesNotContain(id.secret()));
    }

    @Test
    void findsNothingUnderAnotherDayOrSecret() {
        LookupId id = lookups.add(LOOKUP);

        assertThat(lookups.find(new LookupId(id.day().plusDays(1), id.secret())))
                .isEmpty();
        assertThat(lookups.find(new LookupId(id.day(), "0".repeat(32)))).isEmpty();
    }

    private static TableClientBuilder builder() {
        return new TableClientBuilder()
                .connectionString(azurite.connectionString())
                .tableName("AlertUserLookups");
    }
}
