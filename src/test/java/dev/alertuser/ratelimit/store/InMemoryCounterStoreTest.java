package dev.alertuser.ratelimit.store;

import dev.alertuser.ratelimit.VirtualTime;

class InMemoryCounterStoreTest extends CounterBytesContract {
    private final VirtualTime time = new VirtualTime();
    private final InMemoryCounterStore store = new InMemoryCounterStore(time, new StorageClock(time::nanoTime));

    @Override
    protected CounterStore store() {
        return store;
    }

    @Override
    void overwrite(byte[] bytes) {
        store.put(bytes);
    }
}
