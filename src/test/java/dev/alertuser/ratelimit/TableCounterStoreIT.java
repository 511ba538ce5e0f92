package dev.alertuser.ratelimit;

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
import dev.alertuser.localkit.Azurite;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TableCounterStoreIT extends CounterStoreContract {
    private static final String TABLE = "AlertUserBudget";
    private static Azurite azurite;

    private final String key = UUID.randomUUID().toString();
    private final TableCounterStore store = new TableCounterStore(builder(), new StorageClock(System::nanoTime), key);

    @BeforeAll
    static void start() {
        azurite = Azurite.inMemory();
        builder().buildClient().createTable();
    }

    @AfterAll
    static void stop() {
        azurite.close();
    }

    private static TableClientBuilder builder() {
        return new TableClientBuilder()
                .connectionString(azurite.connectionString())
                .tableName(TABLE);
    }

    @Override
    CounterStore store() {
        return store;
    }

    @Override
    void overwrite(byte[] bytes) {
        builder()
                .buildClient()
                .updateEntity(
                        new TableEntity(key, "v1").addProperty(TableCounterStore.COUNTER, bytes),
                        TableEntityUpdateMode.REPLACE);
    }

    @Test
    void makesTheTableWhenItIsMissing() {
        TableCounterStore other = new TableCounterStore(
                builder().tableName("Table" + UUID.randomUUID().toString().replace("-", "")),
                new StorageClock(System::nanoTime),
                key);

        assertThat(other.read()).isNull();
        assertThat(other.replace(Counter.EMPTY, null)).isEqualTo(CounterStore.Write.LOST);
        assertThat(other.replace(Counter.EMPTY, null).eTag()).isNotNull();
    }

    @Test
    void aRowThatVanishedIsALostRace() {
        String eTag = store.replace(Counter.EMPTY, null).eTag();
        builder().buildClient().deleteEntity(key, "v1");

        assertThat(store.replace(Counter.EMPTY, eTag)).isEqualTo(CounterStore.Write.LOST);
    }

    /** The trap that the guard is for: without it, this would overwrite whatever is in the row. */
    @Test
    void theSdkSendsAConditionalUpdateWithoutAConditionUnlessTheEntityCarriesTheETag() {
        store.replace(Counter.EMPTY, null);
        TableEntity withoutETag = new TableEntity(key, "v1").addProperty("Counter", new byte[0]);
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
                        withoutETag, TableEntityUpdateMode.REPLACE, true, null, Context.NONE))
                .hasMessage("PUT to the counter without the ETag of the row that it replaces");
        assertThatThrownBy(() -> guarded.updateEntityWithResponse(
                        withoutETag, TableEntityUpdateMode.REPLACE, false, null, Context.NONE))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesToOverwriteWhateverIsThere() {
        String eTag = store.replace(Counter.EMPTY, null).eTag();

        assertThatThrownBy(() -> store.replace(Counter.EMPTY, "*"))
                .isInstanceOf(CounterUnavailableException.class)
                .hasRootCauseMessage("PUT to the counter without the ETag of the row that it replaces");
        assertThat(store.read().eTag()).isEqualTo(eTag);
    }

    /** If this goes red, the SDK was mended, and the quote need not be put back any more. */
    @Test
    void theSdkCutsTheQuoteOffAnETag() {
        store.replace(Counter.EMPTY, null);
        TableEntity entity = builder().buildClient().getEntity(key, "v1");
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
