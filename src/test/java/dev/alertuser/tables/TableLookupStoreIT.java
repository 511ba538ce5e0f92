package dev.alertuser.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.service.AlertId;
import dev.alertuser.service.AlertUser;
import dev.alertuser.service.LookupResult;
import dev.alertuser.service.LookupResult.Deferred;
import dev.alertuser.service.LookupResult.Found;
import dev.alertuser.service.LookupResult.NotFound;
import dev.alertuser.service.LookupResult.Origin;
import dev.alertuser.service.LookupResult.Reason;
import dev.alertuser.service.LookupResult.Rejected;
import dev.alertuser.service.LookupResult.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TableLookupStoreIT {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant AFTER_MIDNIGHT = Instant.parse("2026-01-02T00:05:00Z");
    private static final AlertUser USER = new AlertUser(
            "{\"id\":\"contoso\\\\üser 1\",\"unknown\":[1, 2]}", "contoso\\üser 1", "üser 1", "contoso", null);
    private static Azurite azurite;

    private final AlertId alertId = new AlertId("da" + UUID.randomUUID());
    private Instant now = NOON;
    private final TableLookupStore store = new TableLookupStore(table("AlertUserLookups"), "key", () -> now);

    @BeforeAll
    static void start() {
        azurite = Azurite.inMemory();
    }

    @AfterAll
    static void stop() {
        azurite.close();
    }

    @Test
    void findsNothingWhereNothingWasKept() {
        assertThat(store.find(alertId, NOON)).isEmpty();
    }

    @Test
    void keepsAUserAsDefenderGaveIt() {
        store.keep(alertId, new Found(USER, new Origin(Source.DEFENDER, NOON, null)));

        assertThat(store.find(alertId, NOON.minusSeconds(60)))
                .contains(new Found(USER, new Origin(Source.KEPT, NOON, null)));
    }

    @Test
    void keepsThatThereIsNoUser() {
        store.keep(alertId, new NotFound(new Origin(Source.DEFENDER, NOON, "c-1")));

        assertThat(store.find(alertId, NOON)).contains(new NotFound(new Origin(Source.KEPT, NOON, "c-1")));
    }

    @Test
    void keepsThatDefenderDoesNotTakeTheId() {
        store.keep(alertId, new Rejected(new Origin(Source.DEFENDER, NOON, "c-1", 400)));

        assertThat(store.find(alertId, NOON)).contains(new Rejected(new Origin(Source.KEPT, NOON, "c-1")));
    }

    @Test
    void aNewerAnswerTakesThePlaceOfAnOlderOne() {
        store.keep(alertId, new Found(USER, new Origin(Source.DEFENDER, NOON.minusSeconds(60), null)));
        LookupResult newer = new NotFound(new Origin(Source.KEPT, NOON, null));
        store.keep(alertId, newer);

        assertThat(store.find(alertId, NOON.minusSeconds(600))).contains(newer);
    }

    @Test
    void findsNoAnswerFromBeforeTheGivenTime() {
        store.keep(alertId, new Found(USER, new Origin(Source.DEFENDER, NOON.minusMillis(1), null)));

        assertThat(store.find(alertId, NOON)).isEmpty();
    }

    @Test
    void findsAnAnswerOfTheDayBefore() {
        store.keep(alertId, new Found(USER, new Origin(Source.DEFENDER, NOON, null)));
        now = AFTER_MIDNIGHT;

        assertThat(store.find(alertId, AFTER_MIDNIGHT.minus(Duration.ofHours(24))))
                .isPresent();
        assertThat(store.find(alertId, AFTER_MIDNIGHT.minus(Duration.ofMinutes(15))))
                .isEmpty();
    }

    @Test
    void makesTheTableWhenItIsMissing() {
        TableLookupStore other = new TableLookupStore(
                table("Table" + UUID.randomUUID().toString().replace("-", "")), "key", () -> now);

        assertThat(other.find(alertId, NOON)).isEmpty();
        other.keep(alertId, new Found(USER, new Origin(Source.DEFENDER, NOON, null)));
        assertThat(other.find(alertId, NOON)).isPresent();
    }

    @Test
    void keepsNoDeferral() {
        assertThatThrownBy(() -> store.keep(alertId, new Deferred(Reason.DEFENDER_TIMEOUT, Duration.ZERO, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a deferral is no answer to keep");
    }

    private static TableClientBuilder table(String name) {
        return new TableClientBuilder()
                .connectionString(azurite.connectionString())
                .tableName(name);
    }
}
