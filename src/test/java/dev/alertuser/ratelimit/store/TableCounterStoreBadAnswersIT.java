package dev.alertuser.ratelimit.store;

import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.tables.BadAnswer;
import dev.alertuser.tables.BadAnswersContract;
import java.util.Map;
import java.util.function.Consumer;

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

    private static TableCounterStore store(String account) {
        return new TableCounterStore(table(account), new StorageClock(System::nanoTime), "key");
    }

    @Override
    protected int attempts(BadAnswer answer, String operation) {
        return 1;
    }
}
