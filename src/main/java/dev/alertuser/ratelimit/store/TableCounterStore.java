package dev.alertuser.ratelimit.store;

import com.azure.core.exception.HttpResponseException;
import com.azure.data.tables.TableClientBuilder;
import com.azure.data.tables.models.TableEntity;
import dev.alertuser.ratelimit.counter.CorruptCounterException;
import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.counter.CounterCodec;
import dev.alertuser.tables.StorageTable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The counter in one row of a table: the partition key is the limiter's key, the row key {@code v1}, and the property {@code Counter} holds
 * the bytes of {@link CounterCodec}.
 */
public final class TableCounterStore implements CounterStore {
    public static final String COUNTER = "Counter";
    private static final String ROW_KEY = "v1";

    private final StorageTable table;
    private final StorageClock clock;
    private final String partitionKey;

    /** @param builder names the account, the table and the credential; its HTTP client must not repeat requests */
    public TableCounterStore(TableClientBuilder builder, StorageClock clock, String partitionKey) {
        this.table = StorageTable.withoutRetries(
                builder,
                (done, cause) ->
                        new CounterUnavailableException("the counter could not be " + done + reason(cause), cause));
        this.clock = clock;
        this.partitionKey = partitionKey;
    }

    /** Health checks show it. Empty if storage gave no answer, or one that the SDK cannot read. */
    private static String reason(Throwable cause) {
        if (!(cause instanceof HttpResponseException e) || e.getResponse() == null) {
            return "";
        }
        int status = e.getResponse().getStatusCode();
        return ": storage answered " + status
                + (status == 403
                        ? ", so check the role of the app's identity on the table, and the account's firewall"
                        : "");
    }

    @Override
    public @Nullable Row read() {
        long sent = clock.nanoTime();
        StorageTable.Read read = table.read(partitionKey, ROW_KEY);
        observe(sent, read.date());
        return read.row() == null ? null : row(read.row());
    }

    @Override
    public Write replace(Counter next, @Nullable String eTag) {
        TableEntity entity = new TableEntity(partitionKey, ROW_KEY).addProperty(COUNTER, CounterCodec.encode(next));
        long sent = clock.nanoTime();
        StorageTable.Write write = eTag == null ? table.insert(entity) : table.replace(entity, eTag);
        boolean timely = observe(sent, write.date());
        return write.isLost() ? Write.LOST : new Write(write.eTag(), timely);
    }

    private static Row row(StorageTable.Row row) {
        return new Row(row.entity().getProperty(COUNTER) instanceof byte[] bytes ? decoded(bytes) : null, row.eTag());
    }

    private static @Nullable Counter decoded(byte[] bytes) {
        try {
            return CounterCodec.decode(bytes);
        } catch (CorruptCounterException e) {
            return null;
        }
    }

    private boolean observe(long sent, @Nullable String date) {
        long received = clock.nanoTime();
        if (date == null) {
            throw new CounterUnavailableException("the table's answer has no Date", null);
        }
        try {
            return clock.observe(sent, received, Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
        } catch (DateTimeException e) {
            throw new CounterUnavailableException("the table's answer has a Date that cannot be read", e);
        }
    }
}
