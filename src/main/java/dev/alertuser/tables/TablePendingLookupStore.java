package dev.alertuser.tables;

import com.azure.data.tables.TableClientBuilder;
import com.azure.data.tables.models.TableEntity;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.LookupId;
import dev.alertuser.service.alert.LookupProgress;
import dev.alertuser.service.alert.PendingLookup;
import dev.alertuser.service.alert.Sha256;
import dev.alertuser.service.port.PendingLookupStore;
import dev.alertuser.service.port.StoreUnavailableException;
import dev.alertuser.tables.StorageTable.Row;
import dev.alertuser.tables.StorageTable.Write;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Pending lookups, one row each. The partition is the scope and the UTC day of the lookup's id, the row key is the hash of its secret. So
 * one point read finds a lookup, and neither the table nor a request URL discloses the secret that grants access to the answer.
 */
public final class TablePendingLookupStore implements PendingLookupStore {
    private static final String KIND = "Kind";
    private static final String ALERT_IDS = "AlertIds";
    private static final String LEFT_OUT = "LeftOut";
    private static final String FRESH = "Fresh";
    static final String MADE_AT = "MadeAt";
    private static final String CORRELATION_ID = "CorrelationId";
    private static final String TRACEPARENT = "Traceparent";
    private static final String PERMITS = "Permits";
    private static final String NOT_BEFORE = "NotBefore";
    private static final String RESULTS = "Results";
    private static final String SEPARATOR = ",";

    /** The most bytes in one property. */
    private static final int MOST_BYTES = 64 * 1024;

    /** The most properties for results: with them, the ids still fit into the 1 MiB of a row. */
    private static final int MOST_RESULTS = 13;

    private final StorageTable table;
    private final Partitions partitions;
    private final SecureRandom random;

    /** @param key apps with another key do not see these lookups */
    public TablePendingLookupStore(TableClientBuilder table, String key) {
        this.table = StorageTable.withRetry(
                table, (done, cause) -> new StoreUnavailableException("a lookup could not be " + done, cause));
        this.partitions = new Partitions(Partitions.LOOKUPS, key);
        this.random = new SecureRandom();
    }

    @Override
    public LookupId add(PendingLookup lookup, LookupProgress progress) {
        LookupId id = LookupId.random(Partitions.day(lookup.madeAt()), random);
        table.put(entity(id, lookup, progress));
        return id;
    }

    @Override
    public Optional<Stored> find(LookupId id) {
        return table.find(partitions.of(id.day()), rowKey(id), TablePendingLookupStore::stored);
    }

    @Override
    public Optional<Stored> replace(LookupId id, Stored read, LookupProgress next) {
        Write write = table.replace(entity(id, read.lookup(), next), read.eTag());
        return Optional.ofNullable(write.eTag()).map(eTag -> new Stored(read.lookup(), next, eTag));
    }

    private TableEntity entity(LookupId id, PendingLookup lookup, LookupProgress progress) {
        // As bytes, 500 ids of 128 characters fit into the 64 KiB of a property. Text takes two bytes a character and
        // would not.
        String alertIds = lookup.alertIds().stream().map(AlertId::value).collect(Collectors.joining(SEPARATOR));
        TableEntity entity = new TableEntity(partitions.of(id.day()), rowKey(id))
                .addProperty(KIND, lookup.kind().name())
                .addProperty(ALERT_IDS, alertIds.getBytes(StandardCharsets.US_ASCII))
                .addProperty(LEFT_OUT, LeftOutCodec.encode(lookup.leftOut()))
                .addProperty(FRESH, lookup.fresh())
                .addProperty(MADE_AT, lookup.madeAt().toString())
                .addProperty(CORRELATION_ID, lookup.correlation().id())
                .addProperty(TRACEPARENT, lookup.correlation().traceparent())
                .addProperty(PERMITS, progress.permits());
        byte[] results = progress.results().map(LookupResultsCodec::encode).orElse(new byte[0]);
        if (results.length <= MOST_RESULTS * MOST_BYTES) {
            progress.notBefore().ifPresent(notBefore -> entity.addProperty(NOT_BEFORE, notBefore.toString()));
            addResults(entity, results);
        } else {
            // The results do not fit into a row: the lookup stays open, and the next attempt reads them from the answer
            // cache.
            entity.addProperty(
                    NOT_BEFORE, progress.notBefore().orElse(lookup.madeAt()).toString());
        }
        return entity;
    }

    private static void addResults(TableEntity entity, byte[] bytes) {
        for (int i = 0; i * MOST_BYTES < bytes.length; i++) {
            int end = Math.min(bytes.length, (i + 1) * MOST_BYTES);
            entity.addProperty(RESULTS + i, Arrays.copyOfRange(bytes, i * MOST_BYTES, end));
        }
    }

    private static Stored stored(Row row) {
        TableEntity entity = row.entity();
        String ids = new String((byte[]) entity.getProperty(ALERT_IDS), StandardCharsets.US_ASCII);
        List<AlertId> alertIds =
                Stream.of(ids.split(SEPARATOR, -1)).map(AlertId::new).toList();
        PendingLookup lookup = new PendingLookup(
                PendingLookup.Kind.valueOf((String) entity.getProperty(KIND)),
                alertIds,
                LeftOutCodec.decode((byte[]) entity.getProperty(LEFT_OUT)),
                (Boolean) entity.getProperty(FRESH),
                Instant.parse((String) entity.getProperty(MADE_AT)),
                new Correlation((String) entity.getProperty(CORRELATION_ID), (String) entity.getProperty(TRACEPARENT)));
        LookupProgress progress = new LookupProgress(
                Optional.ofNullable((String) entity.getProperty(NOT_BEFORE)).map(Instant::parse),
                (Integer) entity.getProperty(PERMITS),
                results(entity).map(bytes -> LookupResultsCodec.decode(bytes, alertIds)));
        return new Stored(lookup, progress, row.eTag());
    }

    private static Optional<byte[]> results(TableEntity entity) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; entity.getProperty(RESULTS + i) instanceof byte[] part; i++) {
            bytes.writeBytes(part);
        }
        return Optional.of(bytes.toByteArray()).filter(all -> all.length > 0);
    }

    private static String rowKey(LookupId id) {
        return Sha256.hex(id.secret());
    }
}
