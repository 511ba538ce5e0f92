package dev.alertuser.endtoend;

import static dev.alertuser.endtoend.RunningApp.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.azure.data.tables.TableClient;
import com.azure.data.tables.models.TableEntity;
import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.Names;
import dev.alertuser.localkit.fake.FakeDefenderAnswer;
import dev.alertuser.localkit.fake.FakeIdentity;
import dev.alertuser.localkit.fake.KeylessStorage;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The way of production: everything over TLS, and storage by the app's identity alone. */
class StorageByIdentityIT {
    private static RunningApp app;

    private final String alertId = "da" + UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        app = RunningApp.startKeyless("keyless");
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void hasNoKey() {
        assertThat(app.environment().values()).noneMatch(value -> value.contains("AccountKey"));
        assertThat(app.environment().get("AzureWebJobsStorage")).isEmpty();
    }

    @Test
    void storageIsAskedWithATokenOfTheAppsIdentity() throws Exception {
        app.user(alertId);

        assertThat(app.identity.received())
                .contains(new FakeIdentity.Received(
                        KeylessStorage.AUDIENCE, Optional.of(app.environment().get("AZURE_CLIENT_ID"))));
    }

    @Test
    void isReady() throws Exception {
        assertThat(app.get("/api/health/ready").statusCode()).isEqualTo(200);
        assertThat(json(app.get("/api/health/detail"))
                        .at("/checks/counter/0/status")
                        .textValue())
                .isEqualTo("pass");
    }

    @Test
    void answersALookupAndKeepsTheAnswer() throws Exception {
        assertThat(app.user(alertId).statusCode()).isEqualTo(200);

        assertThat(app.user(alertId).headers().firstValue("Age")).isPresent();
        assertThat(app.callsFor(alertId)).isEqualTo(1);
    }

    /** As on the first day, when the identity or its roles come later than the app. */
    @Test
    void anAppThatIsThereBeforeItsIdentityServesOnceItComes() throws Exception {
        try (RunningApp early = RunningApp.startKeyless("keyless-early", identity -> identity.fail(400))) {
            assertThat(early.user(alertId).statusCode()).isEqualTo(503);
            JsonNode detail = json(early.get("/api/health/detail"));
            assertThat(detail.at("/checks/counter/0/status").textValue()).isEqualTo("fail");
            assertThat(detail.at("/checks/token/0/status").textValue()).isEqualTo("fail");

            early.identity.recover();

            for (int i = 0; i < 300 && early.get("/api/health/ready").statusCode() != 200; i++) {
                Thread.sleep(100);
            }
            assertThat(early.user(alertId).statusCode()).isEqualTo(200);
            early.enqueue(alertId);
            assertThat(early.awaitResultOf(alertId).get("outcome").textValue()).isEqualTo("found");
        }
    }

    @Test
    void aPendingLookupIsFoundAgain() throws Exception {
        app.defender.answerNextFor(alertId, FakeDefenderAnswer.error(503, "Unavailable", "later"));
        HttpResponse<String> pending = app.get("/api/alerts/" + alertId + "/user?mode=async&wait=0");
        assertThat(pending.statusCode()).isEqualTo(202);

        assertThat(app.comeBack(pending, "").statusCode()).isEqualTo(202);
    }

    @Test
    void aQueuedRequestGetsItsResult() throws Exception {
        app.enqueue(alertId);

        JsonNode result = app.awaitResultOf(alertId);

        assertThat(result.get("outcome").textValue()).isEqualTo("found");
        app.awaitNoPoison();
    }

    @Test
    void aDeliveryToTheWebhookGetsItsResult() throws Exception {
        assertThat(app.post("/api/webhooks/alerts", "{\"alertId\":\"" + alertId + "\"}")
                        .statusCode())
                .isEqualTo(202);

        assertThat(app.awaitResultOf(alertId).get("outcome").textValue()).isEqualTo("found");
    }

    @Test
    void theBudgetCountsPermitsAndGaugesQueues() throws Exception {
        app.user(alertId);

        JsonNode budget = json(app.get("/api/budget"));

        assertThat(budget.at("/windows/0/used/interactive").intValue()).isPositive();
        assertThat(budget.at("/queues/requests/messages").isInt()).isTrue();
    }

    @Test
    void thePurgeDeletesOldRows() throws Exception {
        app.user(alertId);
        app.awaitCached(alertId);
        TableClient table = app.table(Names.LOOKUPS_TABLE);
        table.createEntity(
                new TableEntity("answers-2001-01-01-scope", "old").addProperty("ObservedAt", "2001-01-01T00:00:00Z"));

        assertThat(app.post("/admin/functions/Purge", "{}").statusCode()).isEqualTo(202);

        for (int i = 0; i < 300 && !app.log().contains("{\"event\":\"purge\""); i++) {
            Thread.sleep(100);
        }
        assertThat(app.log()).contains("{\"event\":\"purge\",\"outcome\":\"done\",\"answers\":1,");
        assertThat(table.listEntities().stream().map(TableEntity::getRowKey)).doesNotContain("old");
    }
}
