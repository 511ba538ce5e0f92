package dev.alertuser.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.service.port.AnswerCache;
import dev.alertuser.service.port.AnswerCacheContract;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TableAnswerCacheIT extends AnswerCacheContract {
    private static final Instant AFTER_MIDNIGHT = Instant.parse("2026-01-02T00:05:00Z");
    private static Azurite azurite;

    private Instant now = NOON;
    private final TableAnswerCache store = new TableAnswerCache(table("AlertUserLookups"), "key", () -> now);

    @BeforeAll
    static void start() {
        azurite = Azurite.inMemory();
    }

    @AfterAll
    static void stop() {
        azurite.close();
    }

    @Override
    protected AnswerCache cache() {
        return store;
    }

    @Test
    void findsAnAnswerOfTheDayBefore() {
        store.put(alertId, new Found(USER, new Origin(Source.DEFENDER, NOON, null)));
        now = AFTER_MIDNIGHT;

        assertThat(store.find(alertId, AFTER_MIDNIGHT.minus(Duration.ofHours(24))))
                .isPresent();
        assertThat(store.find(alertId, AFTER_MIDNIGHT.minus(Duration.ofMinutes(15))))
                .isEmpty();
    }

    @Test
    void createsAMissingTable() {
        TableAnswerCache other = new TableAnswerCache(
                table("Table" + UUID.randomUUID().toString().replace("-", "")), "key", () -> now);

        assertThat(other.find(alertId, NOON)).isEmpty();
        other.put(alertId, new Found(USER, new Origin(Source.DEFENDER, NOON, null)));
        assertThat(other.find(alertId, NOON)).isPresent();
    }

    @Test
    void cachesNoDeferral() {
        assertThatThrownBy(() -> store.put(alertId, new Deferred(Reason.DEFENDER_TIMEOUT, Duration.ZERO, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a deferral cannot be cached");
    }

    private static TableClientBuilder table(String name) {
        return new TableClientBuilder()
                .connectionString(azurite.connectionString())
                .tableName(name);
    }
}
