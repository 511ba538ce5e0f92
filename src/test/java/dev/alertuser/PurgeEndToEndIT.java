package dev.alertuser;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.data.tables.TableClient;
import com.azure.data.tables.models.TableEntity;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code Purge}, run by hand as an operator would. */
class PurgeEndToEndIT {

    @Test
    void deletesTheDaysThatNobodyMayAskForAnyMore() throws Exception {
        try (RunningApp app = RunningApp.start("purge", Map.of())) {
            app.user("da1");
            TableClient table = app.table(Application.LOOKUPS_TABLE);
            LocalDate today = LocalDate.now(ZoneOffset.UTC);
            for (String kind : List.of("answers-", "lookups-")) {
                table.createEntity(new TableEntity(kind + today.minusDays(4), "old"));
                table.createEntity(new TableEntity(kind + today.minusDays(1), "still wanted"));
            }

            assertThat(app.post("/admin/functions/Purge", "{}").statusCode()).isEqualTo(202);

            for (int i = 0; i < 300 && !app.log().contains("Purge deleted="); i++) {
                Thread.sleep(100);
            }
            assertThat(app.log()).contains("Purge deleted=2 before=");
            assertThat(table.listEntities().stream().map(TableEntity::getRowKey))
                    .containsExactlyInAnyOrder("da1", "still wanted", "still wanted");
            assertThat(app.get("/api/alerts/da1/user?wait=0").headers().firstValue("Age"))
                    .isPresent();
        }
    }
}
