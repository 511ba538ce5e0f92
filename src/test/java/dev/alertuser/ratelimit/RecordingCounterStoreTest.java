package dev.alertuser.ratelimit;

import dev.alertuser.ratelimit.store.CounterStore;
import dev.alertuser.ratelimit.store.CounterStoreContract;
import dev.alertuser.ratelimit.store.StorageClock;

class RecordingCounterStoreTest extends CounterStoreContract {
    private final CounterStore store = new RecordingCounterStore().seenBy(new StorageClock(System::nanoTime));

    @Override
    protected CounterStore store() {
        return store;
    }
}
