package dev.alertuser.ratelimit.store;

import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.tables.BadAnswer;
import dev.alertuser.tables.BadAnswersContract;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The counter, of which no request may be sent twice. */
class TableCounterStoreBadAnswersTest extends BadAnswersContract {
    private static final String ETAG = "W/\"1\"";

    TableCounterStoreBadAnswersTest() {
        super(CounterUnavailableException.class);
    }

    @Override
    protected Map<String, ThrowingCallable> operations(String connectionString) {
        TableCounterStore store =
                new TableCounterStore(table(connectionString), new StorageClock(System::nanoTime), "key");
        return Map.of(
                "read", store::read,
                "insert", () -> store.replace(Counter.EMPTY, null),
                "replace", () -> store.replace(Counter.EMPTY, ETAG));
    }

    @Override
    protected int attempts(BadAnswer answer, String operation) {
        return 1;
    }
}
