package dev.alertuser.tables;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.policy.FixedDelay;
import com.azure.core.http.policy.RetryPolicy;
import com.azure.core.http.rest.Response;
import com.azure.core.util.Context;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.TableClientBuilder;
import com.azure.data.tables.models.ListEntitiesOptions;
import com.azure.data.tables.models.TableEntity;
import com.azure.data.tables.models.TableEntityUpdateMode;
import com.azure.data.tables.models.TableErrorCode;
import com.azure.data.tables.models.TableServiceException;
import com.azure.data.tables.models.TableTransactionAction;
import com.azure.data.tables.models.TableTransactionActionType;
import com.azure.data.tables.models.TableTransactionFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A table in Azure Storage, created by the first write that finds it missing. A lost race is a value; every failure is the one exception of
 * the port that the table serves. Thread-safe.
 *
 * <p>This class alone works around the traps of the SDK and the service:
 *
 * <ol>
 *   <li>An error in XML, as busy front ends and Azurite send it, makes the SDK throw a {@link LinkageError}, since the tables client has no
 *       XML parser. It is translated like any other failure.
 *   <li>A conditional update whose entity has no {@code odata.etag} sends no {@code If-Match} and overwrites any row. The property is
 *       always set, and {@link ConditionalWritePolicy} refuses a request without it.
 *   <li>The SDK cuts the closing quote off a weak ETag, and the service then does not match it. The quote is added again.
 *   <li>The SDK's retries repeat a write that landed and take it for a lost race, and they sleep as long as a Retry-After says. See
 *       {@link IdempotentRetryPolicy}.
 *   <li>A {@code 404} means a missing row only if it carries the table service's error code: a proxy answers 404, too.
 *   <li>A table that is being deleted cannot be created again for a minute. That is a {@code 409}, but no lost race.
 * </ol>
 */
public final class StorageTable {
    private static final String ETAG = "odata.etag";

    /** The most operations in one entity group transaction. */
    private static final int TRANSACTION_SIZE = 100;

    /** The row is gone, exists already, or has another ETag. */
    private static final Set<Integer> LOST_RACE = Set.of(404, 409, 412);

    private static final Set<TableErrorCode> MISSING =
            Set.of(TableErrorCode.RESOURCE_NOT_FOUND, TableErrorCode.ENTITY_NOT_FOUND, TableErrorCode.TABLE_NOT_FOUND);

    private final TableClient table;
    private final Failure failure;

    /** Translates failures into the exception of a port. */
    public interface Failure {
        /**
         * The exception that the port throws.
         *
         * @param done the operation that failed: {@code read}, {@code written} or {@code deleted}
         */
        RuntimeException of(String done, Throwable cause);
    }

    /** A row, and the ETag for {@link #replace}. */
    public record Row(TableEntity entity, String eTag) {}

    /**
     * Answer to a read.
     *
     * @param row null if the row or the table does not exist
     * @param date the header {@code Date}; null if the answer has none
     */
    public record Read(@Nullable Row row, @Nullable String date) {}

    /**
     * Answer to a conditional write.
     *
     * @param eTag of the row as written; null after a lost race
     * @param date the header {@code Date}; null if the answer has none
     */
    public record Write(@Nullable String eTag, @Nullable String date) {
        public boolean isLost() {
            return eTag == null;
        }
    }

    private StorageTable(TableClientBuilder builder, RetryPolicy retries, Failure failure) {
        this.table = builder.retryPolicy(retries)
                .addPolicy(new ConditionalWritePolicy())
                .buildClient();
        this.failure = failure;
    }

    /**
     * A table that sends each request once.
     *
     * @param builder names the account, the table and the credential; its HTTP client must not retry either
     */
    public static StorageTable withoutRetries(TableClientBuilder builder, Failure failure) {
        return new StorageTable(builder, new RetryPolicy(new FixedDelay(0, Duration.ofMillis(1))), failure);
    }

    /** A table that retries a request once if it fails quickly, except for conditional writes. */
    public static StorageTable withRetry(TableClientBuilder builder, Failure failure) {
        return new StorageTable(builder, new IdempotentRetryPolicy(), failure);
    }

    /** One point read. */
    public Read read(String partitionKey, String rowKey) {
        return attempt("read", () -> readOnce(partitionKey, rowKey));
    }

    /** One point read, with the row parsed by {@code form}. A row that cannot be parsed is a failure, too. */
    <T> Optional<T> find(String partitionKey, String rowKey, Function<Row, T> form) {
        return attempt(
                "read",
                () -> Optional.ofNullable(readOnce(partitionKey, rowKey).row()).map(form));
    }

    /** Inserts or replaces a row; the SDK's default would merge it into the older row. */
    void put(TableEntity entity) {
        attempt(
                "written",
                () -> creatingTheTable(() ->
                        table.upsertEntityWithResponse(entity, TableEntityUpdateMode.REPLACE, null, Context.NONE)));
    }

    /** Writes a row if none has its keys. After a failure the write may still have landed. */
    public Write insert(TableEntity entity) {
        return attempt(
                "written",
                () -> race(() -> table.createEntityWithResponse(entity, null, ConditionalWritePolicy.CONDITIONAL)));
    }

    /**
     * Replaces a row if it still has that ETag. After a failure the write may still have landed.
     *
     * @param eTag from the last read or write
     */
    public Write replace(TableEntity entity, String eTag) {
        entity.addProperty(ETAG, eTag);
        return attempt(
                "written",
                () -> race(() -> table.updateEntityWithResponse(
                        entity, TableEntityUpdateMode.REPLACE, true, null, ConditionalWritePolicy.CONDITIONAL)));
    }

    /**
     * Deletes the rows that match an OData filter. Rows deleted before a failure stay deleted.
     *
     * @return number of deleted rows
     */
    int delete(String filter) {
        return attempt("deleted", () -> {
            try {
                return deleteFound(filter);
            } catch (HttpResponseException e) {
                // A listing throws an internal type of the SDK, which carries the error code in its message only.
                if (String.valueOf(e.getMessage()).contains(TableErrorCode.TABLE_NOT_FOUND.toString())) {
                    return 0;
                }
                throw e;
            }
        });
    }

    private Read readOnce(String partitionKey, String rowKey) {
        try {
            Response<TableEntity> response =
                    table.getEntityWithResponse(partitionKey, rowKey, null, null, Context.NONE);
            TableEntity entity = response.getValue();
            return new Read(new Row(entity, whole(entity.getETag())), date(response.getHeaders()));
        } catch (TableServiceException e) {
            if (!isMissing(e)) {
                throw e;
            }
            return new Read(null, date(e.getResponse().getHeaders()));
        }
    }

    private Write race(Supplier<Response<Void>> request) {
        try {
            HttpHeaders headers = creatingTheTable(request).getHeaders();
            return new Write(whole(headers.getValue(HttpHeaderName.ETAG)), date(headers));
        } catch (TableServiceException e) {
            if (!LOST_RACE.contains(e.getResponse().getStatusCode()) || has(e, TableErrorCode.TABLE_BEING_DELETED)) {
                throw e;
            }
            return new Write(null, date(e.getResponse().getHeaders()));
        }
    }

    /** Creates the table if the write finds it missing. That write did not land, so it is sent again. */
    private <T> T creatingTheTable(Supplier<T> write) {
        try {
            return write.get();
        } catch (TableServiceException e) {
            if (!has(e, TableErrorCode.TABLE_NOT_FOUND)) {
                throw e;
            }
        }
        try {
            table.createTable();
        } catch (TableServiceException e) {
            if (!has(e, TableErrorCode.TABLE_ALREADY_EXISTS)) {
                throw e;
            }
        }
        return write.get();
    }

    private int deleteFound(String filter) {
        ListEntitiesOptions keysOnly =
                new ListEntitiesOptions().setFilter(filter).setSelect(List.of("PartitionKey", "RowKey"));
        List<TableEntity> rows = new ArrayList<>();
        int deleted = 0;
        for (TableEntity row : table.listEntities(keysOnly, null, null)) {
            // A transaction takes rows of one partition only; a listing returns them grouped by partition.
            boolean fits = rows.isEmpty() || rows.get(0).getPartitionKey().equals(row.getPartitionKey());
            if (!fits || rows.size() == TRANSACTION_SIZE) {
                deleted += deleteRows(rows);
                rows.clear();
            }
            rows.add(row);
        }
        return deleted + deleteRows(rows);
    }

    private int deleteRows(List<TableEntity> rows) {
        if (rows.isEmpty()) {
            return 0;
        }
        try {
            table.submitTransaction(rows.stream()
                    .map(row -> new TableTransactionAction(TableTransactionActionType.DELETE, row))
                    .toList());
        } catch (TableTransactionFailedException e) {
            // One row that is gone already fails the whole transaction. Deleted one by one, a missing row is no
            // failure.
            rows.forEach(row -> table.deleteEntity(row.getPartitionKey(), row.getRowKey()));
        }
        return rows.size();
    }

    private <T> T attempt(String done, Supplier<T> request) {
        try {
            return request.get();
        } catch (RuntimeException | LinkageError e) {
            throw failure.of(done, e);
        }
    }

    private static boolean isMissing(TableServiceException e) {
        return e.getResponse().getStatusCode() == 404
                && e.getValue() != null
                && MISSING.contains(e.getValue().getErrorCode());
    }

    private static boolean has(TableServiceException e, TableErrorCode code) {
        return e.getValue() != null && code.equals(e.getValue().getErrorCode());
    }

    private static String whole(@Nullable String eTag) {
        if (eTag == null) {
            throw new IllegalStateException("the table's answer has no ETag");
        }
        return eTag.startsWith("W/\"") && !eTag.endsWith("\"") ? eTag + '"' : eTag;
    }

    private static @Nullable String date(HttpHeaders headers) {
        return headers.getValue(HttpHeaderName.DATE);
    }
}
