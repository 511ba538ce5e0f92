package dev.alertuser.ratelimit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.data.tables.TableClientBuilder;
import com.azure.data.tables.models.TableEntity;
import com.azure.data.tables.models.TableEntityUpdateMode;
import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.ratelimit.counter.Counter;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableCounterStoreIT extends CounterBytesContract {
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
    protected CounterStore store() {
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

    /** Every kind of character that {@code RATE_LIMIT_KEY} may hold. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "public|system-assigned|alert-user",
                "contoso prod",
                "a&b=c;d",
                "(a,b)",
                "$@!*~^",
                "\"a\"",
                "<ü>",
                "日本"
            })
    void findsTheRowOfAnOddKeyAgain(String odd) {
        TableCounterStore store = new TableCounterStore(builder(), new StorageClock(System::nanoTime), odd);

        String first = store.replace(Counter.EMPTY, null).eTag();

        assertThat(store.read().eTag()).isEqualTo(first);
        String second = store.replace(Counter.EMPTY, first).eTag();
        assertThat(store.read().eTag()).isEqualTo(second).isNotEqualTo(first);
    }

    @Test
    void createsAMissingTable() {
        TableCounterStore other = new TableCounterStore(
                builder().tableName("Table" + UUID.randomUUID().toString().replace("-", "")),
                new StorageClock(System::nanoTime),
                key);

        assertThat(other.read()).isNull();
        assertThat(other.replace(Counter.EMPTY, null).eTag()).isNotNull();
    }

    @Test
    void aRowThatVanishedIsALostRace() {
        String eTag = store.replace(Counter.EMPTY, null).eTag();
        builder().buildClient().deleteEntity(key, "v1");

        assertThat(store.replace(Counter.EMPTY, eTag)).isEqualTo(CounterStore.Write.LOST);
    }

    @Test
    void refusesToOverwriteWhateverIsThere() {
        String eTag = store.replace(Counter.EMPTY, null).eTag();

        assertThatThrownBy(() -> store.replace(Counter.EMPTY, "*"))
                .isInstanceOf(CounterUnavailableException.class)
                .hasRootCauseMessage("PUT without the ETag of the row that it replaces");
        assertThat(store.read().eTag()).isEqualTo(eTag);
    }
}
