package dev.alertuser.tables;

import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.service.LookupStoreException;
import dev.alertuser.service.Retention;
import java.time.Instant;

/** Deletes whole days: a range of partition keys finds their rows and no others. */
public final class TableRetention implements Retention {
    private final StorageTable table;

    public TableRetention(TableClientBuilder table) {
        this.table = StorageTable.withRetry(
                table,
                (done, cause) -> new LookupStoreException("old answers and lookups could not be " + done, cause));
    }

    @Override
    public int deleteDaysBefore(Instant time) {
        return delete(Partitions.ANSWERS, time) + delete(Partitions.LOOKUPS, time);
    }

    private int delete(String kind, Instant time) {
        return table.delete("PartitionKey ge '" + kind + "' and PartitionKey lt '" + kind + Partitions.day(time) + "'");
    }
}
