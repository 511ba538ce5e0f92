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
 * Kept answers, one row each: a partition for each scope and UTC day that Defender answered on, row key the alert id. So an answer is found
 * by one point read (two around midnight), and no app is given what Defender told another identity or in another cloud.
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

    /** @param key apps with another one do not see the answers */
    public TableAnswerCache(TableClientBuilder table, String key, InstantSource time) {
        this.table = StorageTable.withRetry(
                table, (done, cause) -> new StoreUnavailableException("a kept answer could not be " + done, cause));
        this.partitions = new Partitions(Partitions.ANSWERS, key);
        this.time = time;
    }

    @Override
    public Optional<LookupResult> find(AlertId alertId, Instant notBefore) {
        LocalDate oldest = Partitions.day(notBefore);
        for (LocalDate day = Partitions.day(time.instant()); !day.isBefore(oldest); day = day.minusDays(1)) {
            Optional<LookupResult> kept = table.find(partitions.of(day), alertId.value(), row -> answer(row.entity()));
            if (kept.isPresent()) {
                return kept.filter(answer -> !observedAt(answer).isBefore(notBefore));
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
                    throw new IllegalArgumentException("a deferral is no answer to keep");
                });
    }
}
