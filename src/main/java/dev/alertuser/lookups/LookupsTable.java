package dev.alertuser.lookups;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.rest.Response;
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

    /** Replaces a row that is still as read; gives its new ETag, or nothing if it is another by now, or gone. */
    Optional<String> replace(TableEntity entity, String eTag) {
        entity.addProperty("odata.etag", eTag);
        try {
            Response<Void> response =
                    table.updateEntityWithResponse(entity, TableEntityUpdateMode.REPLACE, true, null, Context.NONE);
            return Optional.of(whole(response.getHeaders().getValue(HttpHeaderName.ETAG)));
        } catch (TableServiceException e) {
            if (e.getResponse().getStatusCode() == 412 || e.getResponse().getStatusCode() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The SDK cuts the closing quote off a weak ETag. */
    static String whole(String eTag) {
        return eTag.startsWith("W/\"") && !eTag.endsWith("\"") ? eTag + '"' : eTag;
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
