package dev.alertuser.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.Names;
import dev.alertuser.config.Settings;
import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.AlertUser;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.LeftOut;
import dev.alertuser.service.alert.LookupId;
import dev.alertuser.service.alert.LookupProgress;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.service.alert.PendingLookup;
import dev.alertuser.service.alert.PendingLookup.Kind;
import dev.alertuser.tables.TableAnswerCache;
import dev.alertuser.tables.TablePendingLookupStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two apps with one storage account, each with its own cloud and identity. */
class TwoAppsInOneAccountIT {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final AlertId ALERT = new AlertId("da637472900382838869_1364969609");
    private static Azurite azurite;

    private final App first = new App("public", "aaaaaaaa-0000-0000-0000-000000000000");
    private final App second = new App("gcc-high", "bbbbbbbb-0000-0000-0000-000000000000");

    private static final class App {
        private final TableAnswerCache answers;
        private final TablePendingLookupStore lookups;

        private App(String cloud, String clientId) {
            Settings settings = Settings.from(Map.of(
                    "AzureWebJobsStorage", azurite.connectionString(),
                    "DEFENDER_CLOUD", cloud,
                    "AZURE_CLIENT_ID", clientId));
            answers = new TableAnswerCache(table(), settings.lookupsKey(), () -> NOON);
            lookups = new TablePendingLookupStore(table(), settings.lookupsKey());
        }

        private static TableClientBuilder table() {
            return new TableClientBuilder()
                    .connectionString(azurite.connectionString())
                    .tableName(Names.LOOKUPS_TABLE);
        }
    }

    @BeforeAll
    static void start() {
        azurite = Azurite.inMemory();
    }

    @AfterAll
    static void stop() {
        azurite.close();
    }

    @Test
    void doNotSeeEachOthersAnswers() {
        Origin origin = new Origin(Source.CACHED, NOON, null);
        LookupResult alice = new Found(new AlertUser("{\"id\":\"alice\"}", "alice", null, null, null), origin);
        LookupResult nobody = new NotFound(origin);
        first.answers.put(ALERT, alice);

        assertThat(second.answers.find(ALERT, NOON)).isEmpty();
        second.answers.put(ALERT, nobody);
        assertThat(first.answers.find(ALERT, NOON)).contains(alice);
        assertThat(second.answers.find(ALERT, NOON)).contains(nobody);
    }

    @Test
    void doNotSeeEachOthersLookups() {
        LookupId id = first.lookups.add(
                new PendingLookup(
                        Kind.SINGLE, List.of(ALERT), LeftOut.NOTHING, false, NOON, new Correlation("c-1", null)),
                LookupProgress.pending(NOON, 0));

        assertThat(second.lookups.find(id)).isEmpty();
        assertThat(first.lookups.find(id)).isPresent();
    }
}
