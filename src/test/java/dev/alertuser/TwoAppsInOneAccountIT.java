package dev.alertuser;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.service.AlertId;
import dev.alertuser.service.AlertUser;
import dev.alertuser.service.Correlation;
import dev.alertuser.service.LeftOut;
import dev.alertuser.service.Lookup;
import dev.alertuser.service.Lookup.Kind;
import dev.alertuser.service.LookupId;
import dev.alertuser.service.LookupProgress;
import dev.alertuser.service.LookupResult;
import dev.alertuser.service.LookupResult.Found;
import dev.alertuser.service.LookupResult.NotFound;
import dev.alertuser.service.LookupResult.Origin;
import dev.alertuser.service.LookupResult.Source;
import dev.alertuser.tables.TableLookupStore;
import dev.alertuser.tables.TablePendingLookups;
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
        private final TableLookupStore answers;
        private final TablePendingLookups lookups;

        private App(String cloud, String clientId) {
            Settings settings = Settings.from(Map.of(
                    "AzureWebJobsStorage", azurite.connectionString(),
                    "DEFENDER_CLOUD", cloud,
                    "AZURE_CLIENT_ID", clientId));
            answers = new TableLookupStore(table(), settings.lookupsKey(), () -> NOON);
            lookups = new TablePendingLookups(table(), settings.lookupsKey());
        }

        private static TableClientBuilder table() {
            return new TableClientBuilder()
                    .connectionString(azurite.connectionString())
                    .tableName(Application.LOOKUPS_TABLE);
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
        Origin origin = new Origin(Source.KEPT, NOON, null);
        LookupResult alice = new Found(new AlertUser("{\"id\":\"alice\"}", "alice", null, null, null), origin);
        LookupResult nobody = new NotFound(origin);
        first.answers.keep(ALERT, alice);

        assertThat(second.answers.find(ALERT, NOON)).isEmpty();
        second.answers.keep(ALERT, nobody);
        assertThat(first.answers.find(ALERT, NOON)).contains(alice);
        assertThat(second.answers.find(ALERT, NOON)).contains(nobody);
    }

    @Test
    void doNotSeeEachOthersLookups() {
        LookupId id = first.lookups.add(
                new Lookup(Kind.SINGLE, List.of(ALERT), LeftOut.NOTHING, false, NOON, new Correlation("c-1", null)),
                LookupProgress.pending(NOON, 0));

        assertThat(second.lookups.find(id)).isEmpty();
        assertThat(first.lookups.find(id)).isPresent();
    }
}
