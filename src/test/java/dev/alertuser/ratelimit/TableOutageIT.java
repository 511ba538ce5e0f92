package dev.alertuser.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alertuser.endtoend.AppTables;
import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.ratelimit.LimiterMetrics.Count;
import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.ratelimit.store.StorageClock;
import dev.alertuser.ratelimit.store.TableCounterStore;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.RateLimiter.Decision;
import dev.alertuser.service.budget.RateLimiter.Decision.Granted;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The limiter with the app's own client, while the table comes and goes. */
@Timeout(120)
class TableOutageIT {
    private static final QuotaPolicy POLICY = new QuotaPolicy(
            List.of(new Quota(5, Duration.ofSeconds(3), 0), new Quota(1500, Duration.ofHours(1), 0)),
            Duration.ofSeconds(2));
    private static final Duration WAIT = Duration.ofSeconds(10);

    @TempDir
    private Path data;

    private Azurite azurite;
    private DurableRateLimiter limiter;

    @BeforeEach
    void start() throws InterruptedException {
        azurite = Azurite.at(data);
        limiter = DurableRateLimiter.create(AppTables.table(azurite.connectionString(), "Budget"), "key", POLICY);
        // Tells the storage service's time, too, for which callers need not wait then.
        limiter.prepare();
    }

    @AfterEach
    void stop() {
        azurite.close();
    }

    @Test
    void createsAMissingTableForTheFirstPermit() throws Exception {
        assertThat(Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ZERO))
                .isInstanceOf(Granted.class);
    }

    @Test
    void failsFastWhileNothingListensAndCountsOnAfterwards() throws Exception {
        Newcomer.acquire(limiter, Priority.INTERACTIVE, WAIT);
        azurite.stop();
        assertThatThrownBy(() -> Newcomer.acquire(limiter, Priority.INTERACTIVE, WAIT))
                .isInstanceOf(BudgetUnavailableException.class);
        long operations = limiter.metrics().total(Count.OPERATIONS);
        assertThatThrownBy(() -> Newcomer.acquire(limiter, Priority.INTERACTIVE, WAIT))
                .isInstanceOf(BudgetUnavailableException.class);
        assertThat(limiter.metrics().total(Count.OPERATIONS)).isEqualTo(operations);

        azurite.start();

        assertThat(acquireOnceItIsBack()).isInstanceOf(Granted.class);
        assertThat(slots()).isEqualTo(2);
    }

    @Test
    void whileTheTableHangsOneCallerProbesAndTheOthersFailFast() throws Exception {
        Newcomer.acquire(limiter, Priority.INTERACTIVE, WAIT);
        azurite.pause();
        assertThatThrownBy(() -> Newcomer.acquire(limiter, Priority.INTERACTIVE, WAIT))
                .isInstanceOf(BudgetUnavailableException.class);
        CompletableFuture<Void> tries = CompletableFuture.runAsync(this::tryUntilRequestsGoOut);
        long operations = awaitOperation();

        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> Newcomer.acquire(limiter, Priority.INTERACTIVE, WAIT))
                    .isInstanceOf(BudgetUnavailableException.class);
        }
        assertThat(tries).isNotDone();
        assertThat(limiter.metrics().total(Count.OPERATIONS)).isEqualTo(operations);

        azurite.resume();

        tries.join();
        assertThat(acquireOnceItIsBack()).isInstanceOf(Granted.class);
        // What hung in the emulator may land yet: charged and used by nobody.
        assertThat(slots()).isBetween(2, 8);
    }

    /** The first are refused, since the table has just failed. */
    private void tryUntilRequestsGoOut() {
        long operations = limiter.metrics().total(Count.OPERATIONS);
        while (limiter.metrics().total(Count.OPERATIONS) == operations) {
            try {
                Newcomer.acquire(limiter, Priority.INTERACTIVE, WAIT);
            } catch (BudgetUnavailableException e) {
                Thread.onSpinWait();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private long awaitOperation() throws InterruptedException {
        long operations = limiter.metrics().total(Count.OPERATIONS);
        while (limiter.metrics().total(Count.OPERATIONS) == operations) {
            Thread.sleep(10);
        }
        return operations + 1;
    }

    @Test
    void aPermitReservedAheadIsUsedThoughTheTableIsGoneByThen() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(Newcomer.acquire(limiter, Priority.INTERACTIVE, WAIT)).isInstanceOf(Granted.class);
        }
        CompletableFuture<Decision> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return Newcomer.acquire(limiter, Priority.INTERACTIVE, WAIT);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (slots() < 6) {
            Thread.sleep(20);
        }
        azurite.stop();

        assertThat(waiting.join()).isInstanceOf(Granted.class);
    }

    private Decision acquireOnceItIsBack() throws InterruptedException {
        while (true) {
            try {
                return Newcomer.acquire(limiter, Priority.INTERACTIVE, WAIT);
            } catch (BudgetUnavailableException e) {
                Thread.sleep(100);
            }
        }
    }

    /** In the row, by a client of its own. */
    private int slots() {
        return new TableCounterStore(
                        AppTables.table(azurite.connectionString(), "Budget"),
                        new StorageClock(System::nanoTime),
                        "key")
                .read()
                .counter()
                .log()
                .size();
    }
}
