package dev.alertuser.ratelimit;

import dev.alertuser.ratelimit.store.CounterStore;
import dev.alertuser.ratelimit.store.CounterStoreContract;
import dev.alertuser.ratelimit.store.StorageClock;

class SimulatedTableTest extends CounterStoreContract {
    private final Simulation simulation = new Simulation(1);
    private final CounterStore store =
            new SimulatedTable(simulation).seenBy(new StorageClock(simulation::now), simulation::sleep);

    @Override
    protected CounterStore store() {
        return store;
    }
}
