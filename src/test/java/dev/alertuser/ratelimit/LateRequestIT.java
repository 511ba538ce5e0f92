package dev.alertuser.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.http.HttpClient;
import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.config.StorageHttpClient;
import dev.alertuser.localkit.fake.HeldRequests;
import dev.alertuser.localkit.fake.StorageProxy;
import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.ratelimit.store.StorageClock;
import dev.alertuser.ratelimit.store.TableCounterStore;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.RateLimiter.Decision;
import dev.alertuser.service.budget.RateLimiter.Decision.Denied;
import dev.alertuser.service.budget.RateLimiter.Decision.Granted;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writes of the counter that reach the table after the limiter has given them up. */
@Timeout(60)
class LateRequestIT {
    private static final int PERMITS = 4;
    private static final QuotaPolicy POLICY =
            new QuotaPolicy(List.of(new Quota(PERMITS, Duration.ofMinutes(10), 0)), Duration.ofSeconds(10));
    private static final HttpClient HTTP = StorageHttpClient.create("test", 10, Duration.ofSeconds(1));

    private static Azurite azurite;
    private static StorageProxy proxy;

    private final String key = UUID.randomUUID().toString();
    private final DurableRateLimiter limiter = DurableRateLimiter.create(table(proxy.connectionString()), key, POLICY);

    @BeforeAll
    static void start() {
        azurite = Azurite.inMemory();
        proxy = StorageProxy.before(azurite);
    }

    @AfterAll
    static void stop() {
        proxy.close();
        azurite.close();
    }

    private static TableClientBuilder table(String connectionString) {
        return new TableClientBuilder()
                .connectionString(connectionString)
                .tableName("Budget")
                .httpClient(HTTP);
    }

    @BeforeEach
    void takeOnePermit() throws InterruptedException {
        proxy.heal();
        assertThat(acquire()).isInstanceOf(Granted.class);
    }

    @Test
    void oneThatLandsAfterItsRepetitionChargesNothing() throws Exception {
        HeldRequests late = new HeldRequests();
        proxy.treat(LateRequestIT::isWrite, late);
        CompletableFuture<Decision> decision = CompletableFuture.supplyAsync(this::acquire);
        late.await();
        proxy.heal();
        assertThat(decision.join()).isInstanceOf(Granted.class);

        late.release();

        assertNoMoreThan(2);
    }

    @Test
    void oneThatLandsBeforeItsRepetitionIsFoundInTheRow() throws Exception {
        HeldRequests late = new HeldRequests();
        proxy.treat(LateRequestIT::isWrite, late);
        CompletableFuture<Decision> decision = CompletableFuture.supplyAsync(this::acquire);
        late.await();
        HeldRequests repetition = new HeldRequests();
        proxy.treat(LateRequestIT::isWrite, repetition);
        repetition.await();

        late.release();
        awaitSlots(2);
        proxy.heal();
        repetition.release();

        assertThat(decision.join()).isInstanceOf(Granted.class);
        assertNoMoreThan(2);
    }

    @Test
    void oneThatLandsAfterAllRepetitionsChargesOnePermitOfACallerThatWasRefused() throws Exception {
        HeldRequests late = new HeldRequests();
        proxy.treat(LateRequestIT::isWrite, late);
        assertThat(CompletableFuture.supplyAsync(this::acquire))
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .withCauseInstanceOf(BudgetUnavailableException.class);
        proxy.heal();

        late.release();
        awaitSlots(2);

        assertNoMoreThan(2);
    }

    /** The rest of the quota can be had, and no more. */
    private void assertNoMoreThan(int charged) throws InterruptedException {
        for (int i = charged; i < PERMITS; i++) {
            assertThat(acquireOnceItIsBack()).isInstanceOf(Granted.class);
        }
        assertThat(acquireOnceItIsBack()).isInstanceOf(Denied.class);
        assertThat(slots()).isEqualTo(PERMITS);
    }

    private static boolean isWrite(String request) {
        return request.startsWith("PUT ");
    }

    private Decision acquire() {
        try {
            return Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The breaker may be open for a moment. */
    private Decision acquireOnceItIsBack() throws InterruptedException {
        while (true) {
            try {
                return acquire();
            } catch (BudgetUnavailableException e) {
                Thread.sleep(50);
            }
        }
    }

    private void awaitSlots(int count) throws InterruptedException {
        while (slots() < count) {
            Thread.sleep(20);
        }
    }

    private int slots() {
        return new TableCounterStore(table(azurite.connectionString()), new StorageClock(System::nanoTime), key)
                .read()
                .counter()
                .log()
                .size();
    }
}
