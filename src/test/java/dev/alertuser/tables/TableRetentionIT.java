package dev.alertuser.tables;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.http.HttpMethod;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.TableClientBuilder;
import com.azure.data.tables.models.TableEntity;
import com.azure.data.tables.models.TableTransactionAction;
import com.azure.data.tables.models.TableTransactionActionType;
import dev.alertuser.localkit.Azurite;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
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
    void deletesWholeDaysAndNothingOfTheDayItself() {
        table.createTable();
        given("answers-2026-01-08", 250);
        given("answers-2026-01-09", 100);
        given("answers-2026-01-10", 3);
        given("lookups-2025-12-31", 1);
        given("lookups-2026-01-11", 2);

        assertThat(retention.deleteDaysBefore(NOON)).isEqualTo(351);

        assertThat(table.listEntities().stream().map(TableEntity::getPartitionKey))
                .containsOnly("answers-2026-01-10", "lookups-2026-01-11")
                .hasSize(5);
        assertThat(retention.deleteDaysBefore(NOON)).isZero();
    }

    @Test
    void asksForNoRowOfALaterDay() {
        table.createTable();
        given("answers-2026-01-10", 3);

        retention.deleteDaysBefore(NOON);

        assertThat(reads)
                .hasSize(2)
                .anyMatch(url -> url.contains("PartitionKey ge 'answers-' and PartitionKey lt 'answers-2026-01-10'"))
                .anyMatch(url -> url.contains("PartitionKey ge 'lookups-' and PartitionKey lt 'lookups-2026-01-10'"));
    }

    @Test
    void findsNothingToDeleteWithoutATable() {
        assertThat(retention.deleteDaysBefore(NOON)).isZero();
    }

    private void given(String partition, int rows) {
        for (int from = 0; from < rows; from += 100) {
            table.submitTransaction(IntStream.range(from, Math.min(rows, from + 100))
                    .mapToObj(i -> new TableTransactionAction(
                            TableTransactionActionType.CREATE, new TableEntity(partition, "row" + i)))
                    .toList());
        }
    }

    private TableClientBuilder builder() {
        HttpPipelinePolicy spy = (context, next) -> {
            if (context.getHttpRequest().getHttpMethod() == HttpMethod.GET) {
                reads.add(URLDecoder.decode(context.getHttpRequest().getUrl().toString(), StandardCharsets.UTF_8));
            }
            return next.process();
        };
        return new TableClientBuilder()
                .connectionString(azurite.connectionString())
                .tableName(name)
                .addPolicy(spy);
    }
}
