package dev.alertuser.tables;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.http.HttpMethod;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.TableClientBuilder;
import com.azure.data.tables.models.TableEntity;
import com.azure.data.tables.models.TableTransactionAction;
import com.azure.data.tables.models.TableTransactionActionType;
import dev.alertuser.localkit.process.Azurite;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TableRetentionIT {
    private static final Instant NOON = Instant.parse("2026-01-10T12:00:00Z");
    private static Azurite azurite;

    private final List<String> reads = new CopyOnWriteArrayList<>();
    private final String name = "Lookups" + UUID.randomUUID().toString().replace("-", "");
    private final TableClient table = builder().buildClient();
    private final TableClient other = builder().buildClient();
    private Runnable beforeDeletion = () -> {};
    private final TableRetention retention = new TableRetention(builder());

    @BeforeAll
    static void start() {
        azurite = Azurite.inMemory();
    }

    @AfterAll
    static void stop() {
        azurite.close();
    }

    @Test
    void deletesOnlyTheOlderRowsOfAllScopes() {
        table.createTable();
        given("answers-2026-01-09-a", 250, "ObservedAt", "2026-01-09T23:59:59.999Z");
        given("answers-2026-01-08-b", 100, "ObservedAt", "2026-01-08T01:00:00Z");
        given("answers-2026-01-07", 1, "Other", "from a version without scopes, and without a time");
        given("answers-2026-01-10-b", 3, "ObservedAt", "2026-01-10T11:59:59.999Z");
        given("answers-2026-01-10-a", 4, "ObservedAt", "2026-01-10T12:00:00Z");
        given("answers-2026-01-11-a", 5, "ObservedAt", "2026-01-11T00:00:00Z");
        given("lookups-2026-01-10-a", 6, "MadeAt", "2026-01-10T00:00:00Z");

        assertThat(retention.deleteAnswersBefore(NOON)).isEqualTo(250 + 100 + 1 + 3);

        assertThat(partitions())
                .containsOnly("answers-2026-01-10-a", "answers-2026-01-11-a", "lookups-2026-01-10-a")
                .hasSize(4 + 5 + 6);
        assertThat(retention.deleteAnswersBefore(NOON)).isZero();
    }

    @Test
    void deletesLookupsByTheirCreationTime() {
        table.createTable();
        given("lookups-2026-01-10-a", 2, "MadeAt", "2026-01-10T00:00:00Z");
        given("lookups-2026-01-10-b", 1, "MadeAt", "2026-01-10T12:00:00.001Z");
        given("answers-2026-01-10-a", 1, "ObservedAt", "2026-01-10T00:00:00Z");

        assertThat(retention.deleteLookupsBefore(NOON)).isEqualTo(2);

        assertThat(partitions()).containsExactlyInAnyOrder("lookups-2026-01-10-b", "answers-2026-01-10-a");
    }

    /** A row that is gone already does not stop the deletion of the others. */
    @Test
    void deletesTheOthersWhenOneIsGoneAlready() {
        table.createTable();
        given("answers-2026-01-08-a", 5, "ObservedAt", "2026-01-08T01:00:00Z");
        AtomicInteger deletions = new AtomicInteger();
        beforeDeletion = () -> {
            deletions.incrementAndGet();
            other.deleteEntity("answers-2026-01-08-a", "row3");
        };

        assertThat(retention.deleteAnswersBefore(NOON)).isEqualTo(5);
        assertThat(deletions).hasValue(1);
        assertThat(partitions()).isEmpty();
    }

    @Test
    void readsNoRowOfALaterDay() {
        table.createTable();

        retention.deleteAnswersBefore(NOON);
        retention.deleteLookupsBefore(NOON);

        assertThat(reads)
                .hasSize(2)
                .anyMatch(
                        url -> url.contains("PartitionKey ge 'answers-' and PartitionKey lt 'answers-2026-01-11' and"))
                .anyMatch(
                        url -> url.contains("PartitionKey ge 'lookups-' and PartitionKey lt 'lookups-2026-01-11' and"));
    }

    @Test
    void deletesNothingWithoutATable() {
        assertThat(retention.deleteAnswersBefore(NOON)).isZero();
        assertThat(retention.lastPurge()).isEmpty();
    }

    @Test
    void remembersTheLastPurge() {
        retention.purged(NOON.minusSeconds(3600));
        retention.purged(NOON);

        assertThat(retention.lastPurge()).contains(NOON);
        retention.deleteAnswersBefore(NOON.plusSeconds(86400));
        retention.deleteLookupsBefore(NOON.plusSeconds(86400));
        assertThat(retention.lastPurge()).contains(NOON);
    }

    private List<String> partitions() {
        return table.listEntities().stream().map(TableEntity::getPartitionKey).toList();
    }

    private void given(String partition, int rows, String property, String value) {
        for (int from = 0; from < rows; from += 100) {
            table.submitTransaction(IntStream.range(from, Math.min(rows, from + 100))
                    .mapToObj(i -> new TableTransactionAction(
                            TableTransactionActionType.CREATE,
                            new TableEntity(partition, "row" + i).addProperty(property, value)))
                    .toList());
        }
    }

    private TableClientBuilder builder() {
        HttpPipelinePolicy spy = (context, next) -> {
            if (context.getHttpRequest().getHttpMethod() == HttpMethod.GET) {
                reads.add(URLDecoder.decode(context.getHttpRequest().getUrl().toString(), StandardCharsets.UTF_8));
            }
            if (context.getHttpRequest().getUrl().getPath().endsWith("$batch")) {
                beforeDeletion.run();
            }
            return next.process();
        };
        return new TableClientBuilder()
                .connectionString(azurite.connectionString())
                .tableName(name)
                .addPolicy(spy);
    }
}
