package dev.alertuser.ratelimit;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.policy.FixedDelay;
import com.azure.core.http.policy.RetryPolicy;
import com.azure.core.http.rest.Response;
import com.azure.core.util.Context;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.TableClientBuilder;
import com.azure.data.tables.models.TableEntity;
import com.azure.data.tables.models.TableEntityUpdateMode;
import com.azure.data.tables.models.TableErrorCode;
import com.azure.data.tables.models.TableServiceException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The counter in one row of a table: the partition key is the limiter's key, the row key {@code v1}, and the property {@code Counter} holds
 * the bytes of {@link CounterCodec}.
 *
 * <p>Four traps of the SDK are stepped around. A conditional update whose entity carries no {@code odata.etag} sends no {@code If-Match}
 * and overwrites whatever is there: the property is set, and {@link ConditionalWritePolicy} refuses such a request. The SDK cuts the
 * closing quote off a weak ETag, which the service then does not know: it is put back. Its retries repeat a write that landed and see it as
 * a lost race: they are off. To an error in XML, which proxies of the service and Azurite may answer with, it fails with a
 * {@link LinkageError}, since its own tables client brings no parser for that: it counts as any other failure.
 */
final class TableCounterStore implements CounterStore {
    static final String COUNTER = "Counter";
    private static final String ROW_KEY = "v1";
    private static final String ETAG = "odata.etag";

    /** The row vanished, is there already, or is another by now. */
    private static final Set<Integer> LOST_RACE = Set.of(404, 409, 412);

    private final TableClient table;
    private final StorageClock clock;
    private final String partitionKey;

    /** @param builder names the account, the table and the credential; its HTTP client must not repeat requests either */
    TableCounterStore(TableClientBuilder builder, StorageClock clock, String partitionKey) {
        this.table = builder.retryPolicy(new RetryPolicy(new FixedDelay(0, Duration.ofMillis(1))))
                .addPolicy(new ConditionalWritePolicy())
                .buildClient();
        this.clock = clock;
        this.partitionKey = partitionKey;
    }

    @Override
    public @Nullable Row read() {
        long sent = clock.nanoTime();
        Response<TableEntity> response;
        try {
            response = table.getEntityWithResponse(partitionKey, ROW_KEY, null, null, Context.NONE);
        } catch (TableServiceException e) {
            if (e.getResponse().getStatusCode() != 404) {
                throw unavailable("read", e);
            }
            observe(sent, e.getResponse().getHeaders());
            return null;
        } catch (RuntimeException | LinkageError e) {
            throw unavailable("read", e);
        }
        observe(sent, response.getHeaders());
        return row(response.getValue());
    }

    @Override
    public Write replace(Counter next, @Nullable String eTag) {
        TableEntity entity = new TableEntity(partitionKey, ROW_KEY).addProperty(COUNTER, CounterCodec.encode(next));
        if (eTag == null) {
            return write(() -> table.createEntityWithResponse(entity, null, Context.NONE));
        }
        entity.addProperty(ETAG, eTag);
        return write(
                () -> table.updateEntityWithResponse(entity, TableEntityUpdateMode.REPLACE, true, null, Context.NONE));
    }

    private Write write(Supplier<Response<Void>> request) {
        long sent = clock.nanoTime();
        Response<Void> response;
        try {
            response = request.get();
        } catch (TableServiceException e) {
            if (isTableMissing(e)) {
                createTable();
                return Write.LOST;
            }
            if (!LOST_RACE.contains(e.getResponse().getStatusCode())) {
                throw unavailable("written", e);
            }
            observe(sent, e.getResponse().getHeaders());
            return Write.LOST;
        } catch (RuntimeException | LinkageError e) {
            throw unavailable("written", e);
        }
        boolean timely = observe(sent, response.getHeaders());
        return new Write(whole(response.getHeaders().getValue(HttpHeaderName.ETAG)), timely);
    }

    private static boolean isTableMissing(TableServiceException e) {
        return e.getValue() != null
                && TableErrorCode.TABLE_NOT_FOUND.equals(e.getValue().getErrorCode());
    }

    private void createTable() {
        try {
            table.createTable();
        } catch (TableServiceException e) {
            if (e.getResponse().getStatusCode() != 409) {
                throw unavailable("created", e);
            }
        } catch (RuntimeException | LinkageError e) {
            throw unavailable("created", e);
        }
    }

    private static Row row(TableEntity entity) {
        return new Row(
                entity.getProperty(COUNTER) instanceof byte[] bytes ? decoded(bytes) : null, whole(entity.getETag()));
    }

    private static @Nullable Counter decoded(byte[] bytes) {
        try {
            return CounterCodec.decode(bytes);
        } catch (CorruptCounterException e) {
            return null;
        }
    }

    private static String whole(@Nullable String eTag) {
        if (eTag == null) {
            throw new CounterUnavailableException("the table's answer has no ETag", null);
        }
        return eTag.startsWith("W/\"") && !eTag.endsWith("\"") ? eTag + '"' : eTag;
    }

    private boolean observe(long sent, HttpHeaders headers) {
        long received = clock.nanoTime();
        String date = headers.getValue(HttpHeaderName.DATE);
        if (date == null) {
            throw new CounterUnavailableException("the table's answer has no Date", null);
        }
        try {
            return clock.observe(sent, received, Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
        } catch (DateTimeException e) {
            throw new CounterUnavailableException("the table's answer has a Date that cannot be read", e);
        }
    }

    private static CounterUnavailableException unavailable(String what, Throwable cause) {
        return new CounterUnavailableException("the counter could not be " + what, cause);
    }
}
