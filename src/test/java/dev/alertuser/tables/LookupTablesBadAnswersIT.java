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
import java.util.function.Consumer;

/** The answer cache, pending lookups and their retention. */
class LookupTablesBadAnswersIT extends BadAnswersContract {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final AlertId ALERT = new AlertId("da1");
    private static final String REPLACE = "lookups replace";

    /** Answers after which no retry helps soon. */
    private static final Set<BadAnswer> FINAL = Set.of(BadAnswer.BUSY_FOR_A_MINUTE, BadAnswer.DRIBBLE, BadAnswer.HANG);

    LookupTablesBadAnswersIT() {
        super(StoreUnavailableException.class);
    }

    @Override
    protected Map<String, Consumer<String>> operations() {
        LookupId id = new LookupId(Partitions.day(NOON), "0".repeat(32));
        PendingLookup lookup = new PendingLookup(
                Kind.SINGLE, List.of(ALERT), LeftOut.NOTHING, false, NOON, new Correlation("c-1", null));
        LookupProgress soon = LookupProgress.pending(NOON, 0);
        Stored stored = new Stored(lookup, soon, "W/\"e\"");
        return Map.of(
                "answers find",
                account -> answers(account).find(ALERT, NOON),
                "answers put",
                account -> answers(account).put(ALERT, new NotFound(new Origin(Source.DEFENDER, NOON, null))),
                "lookups find",
                account -> lookups(account).find(id),
                "lookups add",
                account -> lookups(account).add(lookup, soon),
                REPLACE,
                account -> lookups(account).replace(id, stored, soon),
                "delete answers",
                account -> retention(account).deleteAnswersBefore(NOON),
                "delete lookups",
                account -> retention(account).deleteLookupsBefore(NOON),
                "purged",
                account -> retention(account).purged(NOON),
                "last purge",
                account -> retention(account).lastPurge());
    }

    private static TableAnswerCache answers(String account) {
        return new TableAnswerCache(table(account), "key", () -> NOON);
    }

    private static TablePendingLookupStore lookups(String account) {
        return new TablePendingLookupStore(table(account), "key");
    }

    private static TableRetention retention(String account) {
        return new TableRetention(table(account));
    }

    @Override
    protected int attempts(BadAnswer answer, String operation) {
        return FINAL.contains(answer) || operation.equals(REPLACE) ? 1 : 2;
    }
}
