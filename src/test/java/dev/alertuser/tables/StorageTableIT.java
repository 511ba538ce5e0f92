package dev.alertuser.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.policy.FixedDelay;
import com.azure.core.http.policy.RetryPolicy;
import com.azure.core.http.rest.Response;
import com.azure.core.util.Context;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.TableClientBuilder;
import com.azure.data.tables.models.TableEntity;
import com.azure.data.tables.models.TableEntityUpdateMode;
import com.azure.data.tables.models.TableServiceException;
import dev.alertuser.localkit.process.Azurite;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StorageTableIT {
    private static Azurite azurite;

    private final String name = "Table" + UUID.randomUUID().toString().replace("-", "");
    private final String key = "key";
    private final StorageTable table =
            StorageTable.withRetry(builder(), (done, cause) -> new IllegalStateException(done, cause));

    @BeforeAll
    static void start() {
        azurite = Azurite.inMemory();
    }

    @AfterAll
    static void stop() {
        azurite.close();
    }

    @Test
    void aMissingTableHasNoRows() {
        assertThat(table.read(key, "row").row()).isNull();
        assertThat(table.delete("PartitionKey eq 'key'")).isZero();
    }

    @Test
    void theFirstWriteCreatesTheTable() {
        assertThat(table.insert(row(1)).isLost()).isFalse();
        assertThat(value()).isEqualTo(1);
    }

    @Test
    void replacesOnlyTheRowThatWasRead() {
        table.put(row(1));
        String read = Objects.requireNonNull(table.read(key, "row").row()).eTag();

        String written = Objects.requireNonNull(table.replace(row(2), read).eTag());
        assertThat(table.replace(row(3), read).isLost()).isTrue();
        assertThat(table.insert(row(3)).isLost()).isTrue();
        assertThat(value()).isEqualTo(2);
        assertThat(table.replace(row(3), written).isLost()).isFalse();
    }

    @Test
    void refusesAnUnconditionalReplace() {
        table.put(row(1));

        assertThatThrownBy(() -> table.replace(row(2), "*"))
                .hasRootCauseMessage("PUT without the ETag of the row that it replaces");
        assertThat(value()).isEqualTo(1);
    }

    @Test
    void aRowThatCannotBeParsedIsAFailure() {
        table.put(row(1));

        assertThatThrownBy(() ->
                        table.find(key, "row", read -> (String) read.entity().getProperty("Value")))
                .hasMessage("read");
    }

    private int value() {
        return table.find(key, "row", read -> (Integer) read.entity().getProperty("Value"))
                .orElseThrow();
    }

    private TableEntity row(int value) {
        return new TableEntity(key, "row").addProperty("Value", value);
    }

    private TableClientBuilder builder() {
        return new TableClientBuilder()
                .connectionString(azurite.connectionString())
                .tableName(name);
    }

    /** The reason for {@link ConditionalWritePolicy}: without it, this update would overwrite any version of the row. */
    @Test
    void theSdkSendsAConditionalUpdateWithoutAConditionUnlessTheEntityCarriesTheETag() {
        table.put(row(1));
        TableEntity withoutETag = row(2);
        TableClient unguarded = builder().buildClient();
        TableClient guarded = builder()
                .addPolicy(new ConditionalWritePolicy())
                .retryPolicy(new RetryPolicy(new FixedDelay(0, Duration.ofMillis(1))))
                .buildClient();

        Response<Void> overwritten = unguarded.updateEntityWithResponse(
                withoutETag, TableEntityUpdateMode.REPLACE, true, null, Context.NONE);
        assertThat(overwritten.getStatusCode()).isEqualTo(204);
        assertThat(overwritten.getRequest().getHeaders().getValue(HttpHeaderName.IF_MATCH))
                .isNull();

        assertThatThrownBy(() -> guarded.updateEntityWithResponse(
                        withoutETag, TableEntityUpdateMode.REPLACE, true, null, ConditionalWritePolicy.CONDITIONAL))
                .hasMessage("PUT without the ETag of the row that it replaces");
        assertThatThrownBy(() -> guarded.updateEntityWithResponse(
                        withoutETag, TableEntityUpdateMode.REPLACE, false, null, ConditionalWritePolicy.CONDITIONAL))
                .isInstanceOf(IllegalStateException.class);
    }

    /** If this goes red, the SDK is fixed and the quote need not be added any more. */
    @Test
    void theSdkCutsTheQuoteOffAnETag() {
        table.put(row(1));
        TableEntity entity = builder().buildClient().getEntity(key, "row");
        Response<Void> updated = builder()
                .buildClient()
                .updateEntityWithResponse(entity, TableEntityUpdateMode.REPLACE, true, null, Context.NONE);

        String cut = updated.getHeaders().getValue(HttpHeaderName.ETAG);
        assertThat(cut).startsWith("W/\"").doesNotEndWith("\"");
        entity.addProperty("odata.etag", cut);
        assertThatThrownBy(() -> builder()
                        .buildClient()
                        .updateEntityWithResponse(entity, TableEntityUpdateMode.REPLACE, true, null, Context.NONE))
                .isInstanceOf(TableServiceException.class);
    }
}
