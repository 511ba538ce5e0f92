package dev.alertuser.tables;

import com.azure.data.tables.TableClientBuilder;
import com.azure.data.tables.models.TableEntity;
import dev.alertuser.service.port.Retention;
import dev.alertuser.service.port.StoreUnavailableException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Deletes old rows of all scopes. A range of partition keys excludes the days that are too young as a whole; within the day of the limit,
 * the time in each row decides. The time of the last successful purge has a row of its own, which is never deleted.
 */
public final class TableRetention implements Retention {
    private static final String PARTITION = "purge";
    private static final String ROW_KEY = "last";
    private static final String PURGED_AT = "PurgedAt";

    private final StorageTable table;

    public TableRetention(TableClientBuilder table) {
        this.table = StorageTable.withRetry(
                table,
                (done, cause) ->
                        new StoreUnavailableException("expired answers and lookups could not be " + done, cause));
    }

    @Override
    public int deleteAnswersBefore(Instant time) {
        return table.delete(older(Partitions.ANSWERS, TableAnswerCache.OBSERVED_AT, time));
    }

    @Override
    public int deleteLookupsBefore(Instant time) {
        return table.delete(older(Partitions.LOOKUPS, TablePendingLookupStore.MADE_AT, time));
    }

    @Override
    public void purged(Instant time) {
        table.put(new TableEntity(PARTITION, ROW_KEY).addProperty(PURGED_AT, time.toString()));
    }

    @Override
    public Optional<Instant> lastPurge() {
        return table.find(
                PARTITION, ROW_KEY, row -> Instant.parse((String) row.entity().getProperty(PURGED_AT)));
    }

    /**
     * Times are texts such as {@code 2026-01-31T23:59:59.123Z}. The limit is cut after its seconds, so it sorts before every time in that
     * second.
     */
    private static String older(String kind, String property, Instant time) {
        String day = kind + Partitions.day(time);
        String nextDay = kind + Partitions.day(time).plusDays(1);
        String limit = time.truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", "");
        return "PartitionKey ge '" + kind + "' and PartitionKey lt '" + nextDay + "' and (PartitionKey lt '" + day
                + "' or " + property + " lt '" + limit + "')";
    }
}
