package dev.alertuser.tables;

import com.azure.data.tables.TableClientBuilder;
import com.azure.data.tables.models.TableEntity;
import dev.alertuser.service.AlertId;
import dev.alertuser.service.Correlation;
import dev.alertuser.service.Lookup;
import dev.alertuser.service.LookupId;
import dev.alertuser.service.LookupStoreException;
import dev.alertuser.service.PendingLookups;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lookups, one row each: a partition for each scope and UTC day in the lookup's id, row key the hash of the secret in it. So one is found
 * by one point read, and neither the table nor the address of a request tells who may read an answer.
 */
public final class TablePendingLookups implements PendingLookups {
    private static final String KIND = "Kind";
    private static final String ALERT_IDS = "AlertIds";
    private static final String SKIPPED = "Skipped";
    private static final String FRESH = "Fresh";
    static final String MADE_AT = "MadeAt";
    private static final String CORRELATION_ID = "CorrelationId";
    private static final String TRACEPARENT = "Traceparent";
    private static final String SEPARATOR = ",";

    private final StorageTable table;
    private final Partitions partitions;
    private final SecureRandom random;

    /** @param key apps with another one do not see the lookups */
    public TablePendingLookups(TableClientBuilder table, String key) {
        this.table = StorageTable.withRetry(
                table, (done, cause) -> new LookupStoreException("a lookup could not be " + done, cause));
        this.partitions = new Partitions(Partitions.LOOKUPS, key);
        this.random = new SecureRandom();
    }

    @Override
    public LookupId add(Lookup lookup) {
        LookupId id = LookupId.random(Partitions.day(lookup.madeAt()), random);
        // As bytes: 500 ids of 128 characters fit into the 64 KiB of a property so, and not as text, which has two
        // bytes a character.
        String alertIds = lookup.alertIds().stream().map(AlertId::value).collect(Collectors.joining(SEPARATOR));
        TableEntity entity = new TableEntity(partitions.of(id.day()), rowKey(id))
                .addProperty(KIND, lookup.kind().name())
                .addProperty(ALERT_IDS, alertIds.getBytes(StandardCharsets.US_ASCII))
                .addProperty(SKIPPED, lookup.skipped())
                .addProperty(FRESH, lookup.fresh())
                .addProperty(MADE_AT, lookup.madeAt().toString())
                .addProperty(CORRELATION_ID, lookup.correlation().id())
                .addProperty(TRACEPARENT, lookup.correlation().traceparent());
        table.put(entity);
        return id;
    }

    @Override
    public Optional<Lookup> find(LookupId id) {
        return table.find(partitions.of(id.day()), rowKey(id), row -> lookup(row.entity()));
    }

    private static Lookup lookup(TableEntity entity) {
        String alertIds = new String((byte[]) entity.getProperty(ALERT_IDS), StandardCharsets.US_ASCII);
        return new Lookup(
                Lookup.Kind.valueOf((String) entity.getProperty(KIND)),
                Stream.of(alertIds.split(SEPARATOR, -1)).map(AlertId::new).toList(),
                (Integer) entity.getProperty(SKIPPED),
                (Boolean) entity.getProperty(FRESH),
                Instant.parse((String) entity.getProperty(MADE_AT)),
                new Correlation((String) entity.getProperty(CORRELATION_ID), (String) entity.getProperty(TRACEPARENT)));
    }

    private static String rowKey(LookupId id) {
        return Sha256.hex(id.secret());
    }
}
