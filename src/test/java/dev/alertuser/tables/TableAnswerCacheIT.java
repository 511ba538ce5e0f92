package dev.alertuser.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.AlertUser;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.alert.LookupResult.Rejected;
import dev.alertuser.service.alert.LookupResult.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TableAnswerCacheIT {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant AFTER_MIDNIGHT = Instant.parse("2026-01-02T00:05:00Z");
    private static final AlertUser USER = new AlertUser(
            "{\"id\":\"contoso\\\\üser 1\",\"unknown\":[1, 2]}", "contoso\\üser 1", "üser 1", "contoso", null);
    private static Azurite azurite;

    private final AlertId alertId = new AlertId("da" + UUID.randomUUID());
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

    @Test
    void missesAnEmptyCache() {
        assertThat(store.find(alertId, NOON)).isEmpty();
    }

    @Test
    void cachesAUserAsDefenderGaveIt() {
        store.put(alertId, new Found(USER, new Origin(Source.DEFENDER, NOON, null)));

        assertThat(store.find(alertId, NOON.minusSeconds(60)))
                .contains(new Found(USER, new Origin(Source.CACHED, NOON, null)));
    }

    @Test
    void cachesAnAnswerWithoutAUser() {
        store.put(alertId, new NotFound(new Origin(Source.DEFENDER, NOON, "c-1")));

        assertThat(store.find(alertId, NOON)).contains(new NotFound(new Origin(Source.CACHED, NOON, "c-1")));
    }

    @Test
    void cachesARejectedId() {
        store.put(alertId, new Rejected(new Origin(Source.DEFENDER, NOON, "c-1", 400)));

        assertThat(store.find(alertId, NOON)).contains(new Rejected(new Origin(Source.CACHED, NOON, "c-1")));
    }

    @Test
    void aNewerAnswerReplacesAnOlderOne() {
        store.put(alertId, new Found(USER, new Origin(Source.DEFENDER, NOON.minusSeconds(60), null)));
        LookupResult newer = new NotFound(new Origin(Source.CACHED, NOON, null));
        store.put(alertId, newer);

        assertThat(store.find(alertId, NOON.minusSeconds(600))).contains(newer);
    }

    @Test
    void findsNoAnswerFromBeforeTheGivenTime() {
        store.put(alertId, new Found(USER, new Origin(Source.DEFENDER, NOON.minusMillis(1), null)));

        assertThat(store.find(alertId, NOON)).isEmpty();
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
