package dev.alertuser.ratelimit.counter;

import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.ratelimit.store.StorageClock;
import dev.alertuser.ratelimit.store.TableCounterStore;
import dev.alertuser.service.budget.Priority;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A counter that looks as if the app had worked for an hour: a few interactive callers, and a backlog for the last 40 minutes. */
public final class PastHour {
    private static final long MINUTE = 60_000;

    private PastHour() {}

    /** Writes the row, and the table if need be, which are not there yet. */
    public static void write(TableClientBuilder table, String key, QuotaPolicy policy) {
        StorageClock clock = new StorageClock(System::nanoTime);
        TableCounterStore store = new TableCounterStore(table, clock, key);
        store.read();
        long now = clock.now().early();
        Random random = new Random(7);
        PermitLog log = PermitLog.EMPTY;
        for (int minute = 59; minute >= 1; minute--) {
            int interactive = random.nextInt(10) == 0 ? 15 + random.nextInt(20) : random.nextInt(6);
            int backlog = minute < 40 ? 20 + random.nextInt(6) : 0;
            for (int i = 0; i < interactive + backlog; i++) {
                long slot = now - minute * MINUTE + random.nextInt(50_000);
                log = log.with(slot, i < interactive ? Priority.INTERACTIVE : Priority.BACKLOG);
            }
        }
        Counter counter = new Counter(1, log, Line.EMPTY, Pause.NONE, now, 0, List.of(), Map.of(policy, now));
        // The first try may find that the table is missing, and makes it.
        String eTag = null;
        for (int tries = 0; tries < 2 && eTag == null; tries++) {
            eTag = store.replace(counter, null).eTag();
        }
        if (eTag == null) {
            throw new IllegalStateException("there is a row already");
        }
    }
}
