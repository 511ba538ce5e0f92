package dev.alertuser.lookups;

import com.azure.core.util.Context;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.models.TableEntity;
import com.azure.data.tables.models.TableEntityUpdateMode;
import com.azure.data.tables.models.TableErrorCode;
import com.azure.data.tables.models.TableServiceException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/** The table with a partition for each kind of row and UTC day, so that a day that is over is deleted as a whole; made when missing. */
final class LookupsTable {
    static final String ANSWERS = "answers-";
    static final String LOOKUPS = "lookups-";

    private final TableClient table;

    LookupsTable(TableClient table) {
        this.table = table;
    }

    static LocalDate day(Instant moment) {
        return LocalDate.ofInstant(moment, ZoneOffset.UTC);
    }

    /** One point read; empty also if there is no table yet. */
    Optional<TableEntity> find(String partition, String row) {
        try {
            return Optional.of(table.getEntity(partition, row));
        } catch (TableServiceException e) {
            if (e.getResponse().getStatusCode() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    void put(TableEntity entity) {
        try {
            replace(entity);
        } catch (TableServiceException e) {
            if (!isTableMissing(e)) {
                throw e;
            }
            createTable();
            replace(entity);
        }
    }

    /** The whole row: the SDK's default would merge, and leave an older answer's user in a row that has none any more. */
    private void replace(TableEntity entity) {
        table.upsertEntityWithResponse(entity, TableEntityUpdateMode.REPLACE, null, Context.NONE);
    }

    private void createTable() {
        try {
            table.createTable();
        } catch (TableServiceException e) {
            if (e.getResponse().getStatusCode() != 409) {
                throw e;
            }
        }
    }

    private static boolean isTableMissing(TableServiceException e) {
        return e.getValue() != null
                && TableErrorCode.TABLE_NOT_FOUND.equals(e.getValue().getErrorCode());
    }
}
