package dev.alertuser.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.localkit.fake.StorageFault;
import dev.alertuser.localkit.fake.StorageProxy;
import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.LeftOut;
import dev.alertuser.service.alert.LookupId;
import dev.alertuser.service.alert.LookupProgress;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.service.alert.PendingLookup;
import dev.alertuser.service.alert.PendingLookup.Kind;
import dev.alertuser.service.port.PendingLookupStore.Stored;
import dev.alertuser.service.port.StoreUnavailableException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The answer cache, pending lookups and their retention, while requests and answers get lost on their way to a real table. */
@Timeout(60)
class LookupTablesInTransitIT {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final AlertId ALERT = new AlertId("da1");
    private static final LookupResult ANSWER = new NotFound(new Origin(Source.CACHED, NOON, null));
    private static final PendingLookup LOOKUP =
            new PendingLookup(Kind.SINGLE, List.of(ALERT), LeftOut.NOTHING, false, NOON, new Correlation("c-1", null));
    private static final LookupProgress SOON = LookupProgress.pending(NOON, 0);
    private static final LookupProgress LATER = LookupProgress.pending(NOON.plusSeconds(1), 1);

    private static Azurite azurite;
    private static StorageProxy proxy;

    private final String name = "Lookups" + UUID.randomUUID().toString().replace("-", "");
    private final TableAnswerCache answers = new TableAnswerCache(table(), "key", () -> NOON);
    private final TablePendingLookupStore lookups = new TablePendingLookupStore(table(), "key");
    private final TableRetention retention = new TableRetention(table());

    @BeforeAll
    static void start() {
        azurite = Azurite.inMemory();
        proxy = StorageProxy.before(azurite);
    }

    @AfterAll
    static void stop() {
        proxy.close();
        azurite.close();
    }

    private TableClientBuilder table() {
        return new TableClientBuilder()
                .connectionString(proxy.connectionString())
                .tableName(name)
                .httpClient(BadAnswersContract.HTTP);
    }

    /** The next request for the table of this test. */
    private void meet(StorageFault fault) {
        proxy.treat(request -> request.contains(name), fault.times(1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("quickFaults")
    void aFaultThatPassesQuicklyIsNotNoticed(String trouble, StorageFault fault) {
        retention.purged(NOON);

        meet(fault);
        answers.put(ALERT, ANSWER);
        meet(fault);
        assertThat(answers.find(ALERT, NOON)).contains(ANSWER);
        meet(fault);
        LookupId id = lookups.add(LOOKUP, SOON);
        meet(fault);
        assertThat(lookups.find(id)).map(Stored::progress).contains(SOON);
        meet(fault);
        assertThat(retention.lastPurge()).contains(NOON);
        meet(fault);
        assertThat(retention.deleteLookupsBefore(NOON.plusSeconds(1))).isOne();
        assertThat(lookups.find(id)).isEmpty();
    }

    static List<Arguments> quickFaults() {
        return List.of(
                arguments("busy", BadAnswer.BUSY),
                arguments("busy in XML", BadAnswer.BUSY_IN_XML),
                arguments("timed out", BadAnswer.TIMED_OUT),
                arguments("request lost", StorageFault.LOST_REQUEST),
                arguments("answer lost", StorageFault.LOST_ANSWER));
    }

    /** The repeated transaction finds its rows gone. */
    @Test
    void aDeletionWhoseAnswerIsLostDeletesAndCountsTheRows() {
        answers.put(ALERT, ANSWER);
        answers.put(new AlertId("da2"), ANSWER);
        proxy.treat(request -> request.contains("$batch"), StorageFault.LOST_ANSWER.times(1));

        assertThat(retention.deleteAnswersBefore(NOON.plusSeconds(1))).isEqualTo(2);

        assertThat(answers.find(ALERT, NOON)).isEmpty();
    }

    /** Repeated, it would take its own write for that of another one. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("ambiguousFaults")
    void aConditionalWriteIsNeverRepeated(String trouble, StorageFault fault) {
        LookupId id = lookups.add(LOOKUP, SOON);
        Stored read = lookups.find(id).orElseThrow();
        meet(fault);
        long before = writes();

        assertThatThrownBy(() -> lookups.replace(id, read, LATER)).isExactlyInstanceOf(StoreUnavailableException.class);

        assertThat(writes() - before).isOne();
        Stored now = awaitProgress(id, LATER);
        assertThat(lookups.replace(id, read, SOON)).as("from the older version").isEmpty();
        assertThat(lookups.replace(id, now, SOON)).isPresent();
    }

    private long writes() {
        return proxy.requests().stream()
                .filter(request -> request.startsWith("PUT ") && request.contains(name))
                .count();
    }

    static List<Arguments> ambiguousFaults() {
        return List.of(
                arguments("answer lost", StorageFault.LOST_ANSWER),
                arguments("request late", StorageFault.LATE_REQUEST));
    }

    /** A late request lands a moment after its client has gone. */
    private Stored awaitProgress(LookupId id, LookupProgress progress) {
        Stored stored = lookups.find(id).orElseThrow();
        while (!stored.progress().equals(progress)) {
            stored = lookups.find(id).orElseThrow();
        }
        return stored;
    }

    @Test
    void aTableThatHangsIsAskedOnce() {
        retention.purged(NOON);
        meet(StorageFault.HANG);

        assertThatThrownBy(() -> answers.find(ALERT, NOON)).isExactlyInstanceOf(StoreUnavailableException.class);

        assertThat(answers.find(ALERT, NOON)).isEmpty();
    }
}
