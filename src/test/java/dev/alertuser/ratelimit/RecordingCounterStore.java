package dev.alertuser.ratelimit;

import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.store.CounterStore;
import dev.alertuser.ratelimit.store.StorageClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A row in memory that records every counter written to it, in order. Thread-safe. */
final class RecordingCounterStore {
    private final List<Counter> counters = new ArrayList<>(List.of(Counter.EMPTY));

    /** Begins with the empty counter. */
    synchronized List<Counter> counters() {
        return List.copyOf(counters);
    }

    synchronized Counter last() {
        return counters.get(counters.size() - 1);
    }

    private synchronized @Nullable String eTag() {
        return counters.size() == 1 ? null : "v" + counters.size();
    }

    private synchronized CounterStore.@Nullable Row row() {
        String eTag = eTag();
        return eTag == null ? null : new CounterStore.Row(last(), eTag);
    }

    private synchronized @Nullable String replace(Counter next, @Nullable String eTag) {
        if (!Objects.equals(eTag, eTag())) {
            return null;
        }
        counters.add(next);
        return eTag();
    }

    /** The store as an instance with that clock reaches it. */
    CounterStore seenBy(StorageClock clock) {
        return new CounterStore() {
            @Override
            public @Nullable Row read() {
                observe();
                return row();
            }

            @Override
            public Write replace(Counter next, @Nullable String eTag) {
                observe();
                String written = RecordingCounterStore.this.replace(next, eTag);
                return written == null ? Write.LOST : new Write(written, true);
            }

            private void observe() {
                Instant date = Instant.ofEpochSecond(System.currentTimeMillis() / 1000);
                clock.observe(clock.nanoTime(), clock.nanoTime(), date);
            }
        };
    }
}
