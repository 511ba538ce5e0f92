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
 * A table in Azure Storage, made by the first write that finds it missing. A lost race is a value; every failure is one exception, that of
 * the port which the table serves. Thread-safe.
 *
 * <p>The traps of the SDK are stepped around here, and nowhere else:
 *
 * <ol>
 *   <li>To an error in XML, which busy front ends of the service and Azurite answer with, it fails with a {@link LinkageError}, since its
 *       tables client brings no parser for that. It counts as any other failure.
 *   <li>A conditional update whose entity carries no {@code odata.etag} sends no {@code If-Match} and overwrites whatever is there: the
 *       property is set, and {@link ConditionalWritePolicy} refuses such a request.
 *   <li>It cuts the closing quote off a weak ETag, which the service then does not know: it is put back.
 *   <li>Its retries repeat a write that landed and see it as a lost race, and sleep for as long as an answer says:
 *       {@link IdempotentRetryPolicy}.
 *   <li>A {@code 404} counts as "no such row" only if the table service says so, not some proxy.
 *   <li>A table that is being deleted cannot be made again for a minute: {@code 409}, which is no lost race.
 * </ol>
 */
public final class StorageTable {
    private static final String ETAG = "odata.etag";

    /** The most that an entity group transaction takes. */
    private static final int TRANSACTION_SIZE = 100;

    /** The row vanished, is there already, or is another by now. */
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
         * @param done what could not be done: {@code read}, {@code written} or {@code deleted}
         */
        RuntimeException of(String done, Throwable cause);
    }

    /** A row, and the ETag for {@link #replace}. */
    public record Row(TableEntity entity, String eTag) {}

    /**
     * Answer to a read.
     *
     * @param row null if there is none, or no table
     * @param date the header {@code Date}; null if there was none
     */
    public record Read(@Nullable Row row, @Nullable String date) {}

    /**
     * Answer to a conditional write.
     *
     * @param eTag of the row as written; null if the race was lost
     * @param date the header {@code Date}; null if there was none
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
     * A table whose requests are each sent once.
     *
     * @param builder names the account, the table and the credential; its HTTP client must not repeat requests either
     */
    public static StorageTable withoutRetries(TableClientBuilder builder, Failure failure) {
        return new StorageTable(builder, new RetryPolicy(new FixedDelay(0, Duration.ofMillis(1))), failure);
    }

    /** A table whose requests, but for conditional writes, are repeated once if they fail quickly. */
    public static StorageTable withRetry(TableClientBuilder builder, Failure failure) {
        return new StorageTable(builder, new IdempotentRetryPolicy(), failure);
    }

    /** One point read. */
    public Read read(String partitionKey, String rowKey) {
        return attempt("read", () -> readOnce(partitionKey, rowKey));
    }

    /** One point read, and the row in the caller's form. A row that has another form is a failure, too. */
    <T> Optional<T> find(String partitionKey, String rowKey, Function<Row, T> form) {
        return attempt(
                "read",
                () -> Optional.ofNullable(readOnce(partitionKey, rowKey).row()).map(form));
    }

    /** Writes a row in place of whatever is there; the SDK's default would leave properties of the older row in it. */
    void put(TableEntity entity) {
        attempt(
                "written",
                () -> makingTheTable(() ->
                        table.upsertEntityWithResponse(entity, TableEntityUpdateMode.REPLACE, null, Context.NONE)));
    }

    /** Writes a row if there is none with its keys. After a failure it may have been written all the same. */
    public Write insert(TableEntity entity) {
        return attempt(
                "written",
                () -> race(() -> table.createEntityWithResponse(entity, null, ConditionalWritePolicy.CONDITIONAL)));
    }

    /**
     * Writes a row in place of the one with that ETag, if that is still there. After a failure it may have been written all the same.
     *
     * @param eTag as read or written before
     */
    public Write replace(TableEntity entity, String eTag) {
        entity.addProperty(ETAG, eTag);
        return attempt(
                "written",
                () -> race(() -> table.updateEntityWithResponse(
                        entity, TableEntityUpdateMode.REPLACE, true, null, ConditionalWritePolicy.CONDITIONAL)));
    }

    /**
     * Deletes the rows that an OData filter finds. What was deleted before a failure stays deleted.
     *
     * @return how many were deleted
     */
    int delete(String filter) {
        return attempt("deleted", () -> {
            try {
                return deleteFound(filter);
            } catch (HttpResponseException e) {
                // A listing fails with a type inside the SDK, whose code stands in its text alone.
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
            HttpHeaders headers = makingTheTable(request).getHeaders();
            return new Write(whole(headers.getValue(HttpHeaderName.ETAG)), date(headers));
        } catch (TableServiceException e) {
            if (!LOST_RACE.contains(e.getResponse().getStatusCode()) || has(e, TableErrorCode.TABLE_BEING_DELETED)) {
                throw e;
            }
            return new Write(null, date(e.getResponse().getHeaders()));
        }
    }

    /** A write that found no table has not landed, so it may be sent again. */
    private <T> T makingTheTable(Supplier<T> write) {
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
            // One row that is gone by now keeps all others; one by one, that is no failure.
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
