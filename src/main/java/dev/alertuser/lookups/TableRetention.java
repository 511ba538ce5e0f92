package dev.alertuser.lookups;

import com.azure.core.exception.HttpResponseException;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.models.ListEntitiesOptions;
import com.azure.data.tables.models.TableEntity;
import com.azure.data.tables.models.TableTransactionAction;
import com.azure.data.tables.models.TableTransactionActionType;
import dev.alertuser.service.LookupStoreException;
import dev.alertuser.service.Retention;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes whole days. A range of partition keys finds their rows and no others; those of one partition are deleted a hundred at a time, the
 * most that an entity group transaction takes.
 *
 * @see <a href="https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions">Entity group transactions</a>
 */
public final class TableRetention implements Retention {
    private static final int MOST_IN_A_TRANSACTION = 100;

    private final TableClient table;

    public TableRetention(TableClient table) {
        this.table = table;
    }

    @Override
    public int deleteDaysBefore(Instant time) {
        try {
            return delete(LookupsTable.ANSWERS, time) + delete(LookupsTable.LOOKUPS, time);
        } catch (HttpResponseException e) {
            if (e.getResponse().getStatusCode() == 404) {
                // No table yet; or a row is gone, because somebody else is deleting them.
                return 0;
            }
            throw failure(e);
        } catch (RuntimeException e) {
            throw failure(e);
        }
    }

    private static LookupStoreException failure(RuntimeException cause) {
        return new LookupStoreException("old answers and lookups could not be deleted", cause);
    }

    private int delete(String kind, Instant time) {
        String old = "PartitionKey ge '" + kind + "' and PartitionKey lt '" + kind + LookupsTable.day(time) + "'";
        ListEntitiesOptions keysOnly =
                new ListEntitiesOptions().setFilter(old).setSelect(List.of("PartitionKey", "RowKey"));
        List<TableTransactionAction> deletions = new ArrayList<>();
        int deleted = 0;
        String partition = "";
        for (TableEntity row : table.listEntities(keysOnly, null, null)) {
            if (deletions.size() == MOST_IN_A_TRANSACTION
                    || !row.getPartitionKey().equals(partition)) {
                deleted += submit(deletions);
            }
            partition = row.getPartitionKey();
            deletions.add(new TableTransactionAction(TableTransactionActionType.DELETE, row));
        }
        return deleted + submit(deletions);
    }

    private int submit(List<TableTransactionAction> deletions) {
        int count = deletions.size();
        if (count > 0) {
            table.submitTransaction(List.copyOf(deletions));
            deletions.clear();
        }
        return count;
    }
}
