package dev.alertuser.tables;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.data.tables.TableClient;
import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.AlertUser;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.LeftOut;
import dev.alertuser.service.alert.LeftOut.Part;
import dev.alertuser.service.alert.LookupId;
import dev.alertuser.service.alert.LookupProgress;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.alert.LookupResult.Rejected;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.service.alert.PendingLookup;
import dev.alertuser.service.alert.PendingLookup.Kind;
import dev.alertuser.service.port.PendingLookupStore;
import dev.alertuser.service.port.PendingLookupStore.Stored;
import dev.alertuser.service.port.PendingLookupStoreContract;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TablePendingLookupStoreIT extends PendingLookupStoreContract {
    private static final LeftOut SOME = new LeftOut(
            7,
            1,
            1,
            List.of(new Part(LeftOut.Kind.SKIPPED, "alerts[3]", null, "noAlert", "No alert id was found here.")));
    private static final LookupResult NO_ANSWER =
            new Deferred(Reason.DEFENDER_BAD_ANSWER, Duration.ofSeconds(30), "c-2", 200);
    private static Azurite azurite;

    private final TableClient table = builder().buildClient();
    private final TablePendingLookupStore lookups = new TablePendingLookupStore(builder(), "key");

    @BeforeAll
    static void start() {
        azurite = Azurite.inMemory();
    }

    @AfterAll
    static void stop() {
        azurite.close();
    }

    @Override
    protected PendingLookupStore lookups() {
        return lookups;
    }

    @Test
    void storesFiveHundredOfTheLongestIds() {
        List<AlertId> ids = IntStream.range(0, 500)
                .mapToObj(i -> new AlertId("a".repeat(125) + (100 + i)))
                .toList();
        PendingLookup large = new PendingLookup(Kind.BATCH, ids, SOME, false, NOON, new Correlation("c-1", null));

        assertThat(lookups.find(lookups.add(large, LATER)).map(Stored::lookup)).contains(large);
    }

    @Test
    void readsStoredResultsBackAsCached() {
        AlertUser user = new AlertUser("{\"id\":\"x\"}", "x", null, "contoso", null);
        PendingLookup four =
                new PendingLookup(Kind.BATCH, ids(4), LeftOut.NOTHING, false, NOON, new Correlation("c-1", null));
        LookupId id = lookups.add(four, LATER);
        Map<AlertId, LookupResult> results = new LinkedHashMap<>();
        results.put(ids(3).get(0), new Found(user, new Origin(Source.DEFENDER, NOON, "c-3", 200)));
        results.put(ids(3).get(1), new NotFound(new Origin(Source.DEFENDER, NOON, null, 404)));
        results.put(ids(3).get(2), NO_ANSWER);
        results.put(ids(4).get(3), new Rejected(new Origin(Source.DEFENDER, NOON, "c-4", 400)));

        lookups.replace(
                id, lookups.find(id).orElseThrow(), new LookupProgress(Optional.empty(), 3, Optional.of(results)));

        LookupProgress progress = lookups.find(id).orElseThrow().progress();
        assertThat(progress.notBefore()).isEmpty();
        assertThat(progress.permits()).isEqualTo(3);
        assertThat(progress.results().orElseThrow().values())
                .containsExactly(
                        new Found(user, new Origin(Source.CACHED, NOON, "c-3")),
                        new NotFound(new Origin(Source.CACHED, NOON, null)),
                        NO_ANSWER,
                        new Rejected(new Origin(Source.CACHED, NOON, "c-4")));
    }

    @Test
    void storesTheResultsOfFiveHundredAlertsInTheRow() {
        PendingLookup many =
                new PendingLookup(Kind.BATCH, ids(500), LeftOut.NOTHING, false, NOON, new Correlation("c-1", null));
        LookupId id = lookups.add(many, LATER);
        Map<AlertId, LookupResult> results = new LinkedHashMap<>();
        RandomGenerator random = new Random(5);
        ids(500).forEach(alertId -> {
            String name = HexFormat.of().toHexDigits(random.nextLong());
            String json = "{\"id\":\"contoso\\\\" + name + "\",\"logonTypes\":\"Interactive\",\"lastIpAddress\":null}";
            AlertUser user = new AlertUser(json, "contoso\\" + name, name, "contoso", "S-1-5-21-" + random.nextInt());
            results.put(alertId, new Found(user, new Origin(Source.DEFENDER, NOON, name, 200)));
        });

        lookups.replace(
                id, lookups.find(id).orElseThrow(), new LookupProgress(Optional.empty(), 500, Optional.of(results)));

        assertThat(lookups.find(id).orElseThrow().progress().results().orElseThrow())
                .hasSize(500)
                .extractingByKey(ids(500).get(499))
                .extracting(result -> ((Found) result).user())
                .isEqualTo(((Found) results.get(ids(500).get(499))).user());
    }

    @Test
    void omitsResultsThatNoRowCanHold() {
        PendingLookup large =
                new PendingLookup(Kind.BATCH, ids(60), LeftOut.NOTHING, false, NOON, new Correlation("c-1", null));
        LookupId id = lookups.add(large, LATER);
        byte[] noise = new byte[24 * 1024];
        Map<AlertId, LookupResult> results = new LinkedHashMap<>();
        ids(60).forEach(alertId -> {
            new Random(alertId.hashCode()).nextBytes(noise);
            AlertUser user = new AlertUser(Base64.getEncoder().encodeToString(noise), "x", null, null, null);
            results.put(alertId, new Found(user, new Origin(Source.DEFENDER, NOON, null, 200)));
        });

        lookups.replace(
                id, lookups.find(id).orElseThrow(), new LookupProgress(Optional.empty(), 60, Optional.of(results)));

        assertThat(lookups.find(id).orElseThrow().progress())
                .as("due at once, to be read from the answer cache")
                .isEqualTo(LookupProgress.pending(NOON, 60));
    }

    @Test
    void putsALookupIntoThePartitionOfItsDay() {
        LookupId id = lookups.add(LOOKUP, LATER);

        assertThat(id.day()).isEqualTo(LocalDate.of(2026, 1, 1));
        assertThat(table.listEntities())
                .anySatisfy(row -> assertThat(row.getPartitionKey()).startsWith("lookups-2026-01-01-"));
    }

    /** The secret grants the right to read the answer; access to the table or its logs must not. */
    @Test
    void storesNoSecret() {
        LookupId id = lookups.add(LOOKUP, LATER);

        assertThat(table.listEntities())
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.getProperties().toString()).doesNotContain(id.secret()));
    }

    private static TableClientBuilder builder() {
        return new TableClientBuilder()
                .connectionString(azurite.connectionString())
                .tableName("AlertUserLookups");
    }

    private static List<AlertId> ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> new AlertId("da" + i)).toList();
    }
}
