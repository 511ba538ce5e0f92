package dev.alertuser.ratelimit.store;

import dev.alertuser.ratelimit.VirtualTime;

class InMemoryCounterStoreTest extends CounterStoreContract {
    private final VirtualTime time = new VirtualTime();
    private final InMemoryCounterStore store = new InMemoryCounterStore(time, new StorageClock(time::nanoTime));

    @Override
    CounterStore store() {
        return store;
    }

    @Override
    void overwrite(byte[] bytes) {
        store.put(bytes);
    }
}
