package dev.alertuser.ratelimit.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alertuser.localkit.fake.StorageProxy;
import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.tables.BadAnswer;
import dev.alertuser.tables.BadAnswersContract;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The counter, of which no request may be sent twice. */
class TableCounterStoreBadAnswersIT extends BadAnswersContract {
    private static final String ETAG = "W/\"1\"";

    TableCounterStoreBadAnswersIT() {
        super(CounterUnavailableException.class);
    }

    @Override
    protected Map<String, Consumer<String>> operations() {
        return Map.of(
                "read", account -> store(account).read(),
                "insert", account -> store(account).replace(Counter.EMPTY, null),
                "replace", account -> store(account).replace(Counter.EMPTY, ETAG));
    }

    /** The usual fault of the first day: a role that is missing, or that has not spread yet. */
    @Test
    void aDeniedAccessSaysWhatToCheck() {
        assertFault(
                BadAnswer.FORBIDDEN,
                ": storage answered 403, so check the role of the app's identity on the table, and the account's firewall");
        assertFault(BadAnswer.BUSY, ": storage answered 503");
        assertFault(BadAnswer.RESET, "");
    }

    private static void assertFault(BadAnswer answer, String reason) {
        try (StorageProxy storage = StorageProxy.alone(answer)) {
            TableCounterStore store = store(storage.connectionString());

            assertThatThrownBy(store::read).hasMessage("the counter could not be read" + reason);
            assertThatThrownBy(() -> store.replace(Counter.EMPTY, ETAG))
                    .hasMessage("the counter could not be written" + reason);
        }
    }

    private static TableCounterStore store(String account) {
        return new TableCounterStore(table(account), new StorageClock(System::nanoTime), "key");
    }

    @Override
    protected int attempts(BadAnswer answer, String operation) {
        return 1;
    }
}
