package dev.alertuser.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.data.tables.TableClient;
import com.azure.data.tables.models.TableEntity;
import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.Names;
import dev.alertuser.service.alert.PendingLookup;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code Purge}, run by hand as an operator would. */
class PurgeEndToEndIT {

    @Test
    void deletesWhatNobodyMayAskForAnyMoreAndSaysWhenItDid() throws Exception {
        try (RunningApp app = RunningApp.start("purge", Map.of())) {
            app.user("da1");
            app.awaitCached("da1");
            TableClient table = app.table(Names.LOOKUPS_TABLE);
            Instant now = Instant.now();
            given(table, "answers-", "ObservedAt", now.minus(PendingLookup.LIFE.plusMinutes(21)), "old");
            given(table, "answers-", "ObservedAt", now.minus(PendingLookup.LIFE.plusMinutes(15)), "still wanted");
            given(table, "lookups-", "MadeAt", now.minus(PendingLookup.LIFE.plusMinutes(6)), "old");
            given(table, "lookups-", "MadeAt", now.minus(PendingLookup.LIFE), "still wanted");
            assertThat(purge(app).get("status").textValue()).isEqualTo("warn");
            assertThat(app.get("/api/health/ready").statusCode()).isEqualTo(200);

            assertThat(app.post("/admin/functions/Purge", "{}").statusCode()).isEqualTo(202);

            for (int i = 0; i < 300 && !app.log().contains("{\"event\":\"purge\""); i++) {
                Thread.sleep(100);
            }
            assertThat(app.log()).contains("{\"event\":\"purge\",\"outcome\":\"done\",\"answers\":1,\"lookups\":1,");
            assertThat(table.listEntities().stream().map(TableEntity::getRowKey))
                    .containsExactlyInAnyOrder("da1", "still wanted", "still wanted", "last");
            assertThat(purge(app).get("status").textValue()).isEqualTo("pass");
            assertThat(app.get("/api/alerts/da1/user?wait=0").headers().firstValue("Age"))
                    .isPresent();
        }
    }

    private static void given(TableClient table, String kind, String property, Instant time, String row) {
        String partition = kind + LocalDate.ofInstant(time, ZoneOffset.UTC) + "-scope";
        table.createEntity(new TableEntity(partition, row).addProperty(property, time.toString()));
    }

    private static JsonNode purge(RunningApp app) throws Exception {
        return RunningApp.json(app.get("/api/health/detail")).at("/checks/purge/0");
    }
}
