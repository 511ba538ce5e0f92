package dev.alertuser.tables;

import com.azure.data.tables.TableClientBuilder;
import com.azure.data.tables.models.TableEntity;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.AlertUser;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Rejected;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.service.port.AnswerCache;
import dev.alertuser.service.port.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer cache, one row for each answer. The partition is the scope and the UTC day of Defender's answer, the row key is the alert id.
 * So a hit takes one point read (two around midnight), and no app reads answers that another identity or another cloud got.
 */
public final class TableAnswerCache implements AnswerCache {
    private static final String USER = "User";
    private static final String USER_ID = "UserId";
    private static final String ACCOUNT_NAME = "AccountName";
    private static final String ACCOUNT_DOMAIN = "AccountDomain";
    private static final String ACCOUNT_SID = "AccountSid";
    static final String OBSERVED_AT = "ObservedAt";
    private static final String CORRELATION_ID = "CorrelationId";
    private static final String REJECTED = "Rejected";

    private final StorageTable table;
    private final Partitions partitions;
    private final InstantSource time;

    /** @param key apps with another key do not see these answers */
    public TableAnswerCache(TableClientBuilder table, String key, InstantSource time) {
        this.table = StorageTable.withRetry(
                table, (done, cause) -> new StoreUnavailableException("a cached answer could not be " + done, cause));
        this.partitions = new Partitions(Partitions.ANSWERS, key);
        this.time = time;
    }

    @Override
    public Optional<LookupResult> find(AlertId alertId, Instant notBefore) {
        LocalDate oldest = Partitions.day(notBefore);
        for (LocalDate day = Partitions.day(time.instant()); !day.isBefore(oldest); day = day.minusDays(1)) {
            Optional<LookupResult> cached =
                    table.find(partitions.of(day), alertId.value(), row -> answer(row.entity()));
            if (cached.isPresent()) {
                // An older day's row can only be older, so the search ends here even if this one is too old.
                return cached.filter(answer -> !observedAt(answer).isBefore(notBefore));
            }
        }
        return Optional.empty();
    }

    @Override
    public void put(AlertId alertId, LookupResult answer) {
        TableEntity entity = new TableEntity(partitions.of(Partitions.day(observedAt(answer))), alertId.value());
        if (answer instanceof Found found) {
            put(entity, found.origin(), found.user());
        } else if (answer instanceof NotFound notFound) {
            put(entity, notFound.origin(), null);
        } else if (answer instanceof Rejected rejected) {
            put(entity, rejected.origin(), null);
            entity.addProperty(REJECTED, true);
        }
        table.put(entity);
    }

    private static void put(TableEntity entity, Origin origin, @Nullable AlertUser user) {
        entity.addProperty(OBSERVED_AT, origin.observedAt().toString())
                .addProperty(CORRELATION_ID, origin.correlationId());
        if (user != null) {
            entity.addProperty(USER, user.json().getBytes(StandardCharsets.UTF_8))
                    .addProperty(USER_ID, user.id())
                    .addProperty(ACCOUNT_NAME, user.accountName())
                    .addProperty(ACCOUNT_DOMAIN, user.accountDomain())
                    .addProperty(ACCOUNT_SID, user.accountSid());
        }
    }

    private static LookupResult answer(TableEntity entity) {
        Origin origin = new Origin(
                Source.CACHED, Instant.parse((String) entity.getProperty(OBSERVED_AT)), text(entity, CORRELATION_ID));
        if (Boolean.TRUE.equals(entity.getProperty(REJECTED))) {
            return new Rejected(origin);
        }
        return entity.getProperty(USER) instanceof byte[] json
                ? new Found(
                        new AlertUser(
                                new String(json, StandardCharsets.UTF_8),
                                text(entity, USER_ID),
                                text(entity, ACCOUNT_NAME),
                                text(entity, ACCOUNT_DOMAIN),
                                text(entity, ACCOUNT_SID)),
                        origin)
                : new NotFound(origin);
    }

    private static @Nullable String text(TableEntity entity, String property) {
        return (String) entity.getProperty(property);
    }

    private static Instant observedAt(LookupResult answer) {
        return answer.match(
                found -> found.origin().observedAt(),
                notFound -> notFound.origin().observedAt(),
                rejected -> rejected.origin().observedAt(),
                deferred -> {
                    throw new IllegalArgumentException("a deferral cannot be cached");
                });
    }
}
