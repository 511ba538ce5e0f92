package dev.alertuser.tables;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.LeftOut;
import dev.alertuser.service.alert.LookupId;
import dev.alertuser.service.alert.LookupProgress;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.service.alert.PendingLookup;
import dev.alertuser.service.alert.PendingLookup.Kind;
import dev.alertuser.service.port.PendingLookupStore.Stored;
import dev.alertuser.service.port.StoreUnavailableException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The answer cache, pending lookups and their retention. */
class LookupTablesBadAnswersTest extends BadAnswersContract {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final AlertId ALERT = new AlertId("da1");

    /** Answers that are retried. */
    private static final Set<BadAnswer> FINAL = Set.of(BadAnswer.BUSY_FOR_A_MINUTE, BadAnswer.HANG);

    LookupTablesBadAnswersTest() {
        super(StoreUnavailableException.class);
    }

    @Override
    protected Map<String, ThrowingCallable> operations(String connectionString) {
        TableAnswerCache answers = new TableAnswerCache(table(connectionString), "key", () -> NOON);
        TablePendingLookupStore lookups = new TablePendingLookupStore(table(connectionString), "key");
        TableRetention retention = new TableRetention(table(connectionString));
        LookupId id = new LookupId(Partitions.day(NOON), "0".repeat(32));
        PendingLookup lookup = new PendingLookup(
                Kind.SINGLE, List.of(ALERT), LeftOut.NOTHING, false, NOON, new Correlation("c-1", null));
        LookupProgress soon = LookupProgress.pending(NOON, 0);
        return Map.of(
                "answers find", () -> answers.find(ALERT, NOON),
                "answers put", () -> answers.put(ALERT, new NotFound(new Origin(Source.DEFENDER, NOON, null))),
                "lookups find", () -> lookups.find(id),
                "lookups add", () -> lookups.add(lookup, soon),
                "lookups replace", () -> lookups.replace(id, new Stored(lookup, soon, "W/\"e\""), soon),
                "delete answers", () -> retention.deleteAnswersBefore(NOON),
                "delete lookups", () -> retention.deleteLookupsBefore(NOON),
                "purged", () -> retention.purged(NOON),
                "last purge", retention::lastPurge);
    }

    @Override
    protected int attempts(BadAnswer answer, String operation) {
        return FINAL.contains(answer) || operation.equals("lookups replace") ? 1 : 2;
    }
}
