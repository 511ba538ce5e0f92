package dev.alertuser.service.port;

class InMemoryPendingLookupStoreTest extends PendingLookupStoreContract {
    private final PendingLookupStore lookups = new InMemoryPendingLookupStore();

    @Override
    protected PendingLookupStore lookups() {
        return lookups;
    }
}
