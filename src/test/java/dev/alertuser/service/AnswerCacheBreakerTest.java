package dev.alertuser.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.service.port.AnswerCache;
import dev.alertuser.service.port.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerCacheBreakerTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final AlertId ALERT = new AlertId("da1");
    private static final LookupResult ANSWER = new NotFound(new Origin(Source.CACHED, NOON, null));

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Store store = new Store();
    private volatile Duration passed = Duration.ZERO;
    private AnswerCache breaker = breaker(Duration.ofSeconds(10));

    /** A store that fails or hangs on demand and counts the operations that reach it. */
    private static final class Store implements AnswerCache {
        private final AtomicInteger operations = new AtomicInteger();
        private volatile RuntimeException failure;
        private volatile CountDownLatch hangsUntil = new CountDownLatch(0);

        private final Semaphore begun = new Semaphore(0);

        /** Lets operations hang until the latch is released. */
        CountDownLatch hang() {
            hangsUntil = new CountDownLatch(1);
            return hangsUntil;
        }

        /** Waits until so many operations in all have reached the store. */
        void awaitOperations(int count) throws InterruptedException {
            begun.acquire(count);
            begun.release(count);
        }

        @Override
        public Optional<LookupResult> find(AlertId alertId, Instant notBefore) {
            operations.incrementAndGet();
            begun.release();
            try {
                hangsUntil.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (failure != null) {
                throw failure;
            }
            return Optional.of(ANSWER);
        }

        @Override
        public void put(AlertId alertId, LookupResult answer) {
            find(alertId, NOON);
        }
    }

    @AfterEach
    void end() {
        store.hangsUntil.countDown();
        threads.shutdownNow();
    }

    @Test
    void closedPassesOperations() {
        assertThat(breaker.find(ALERT, NOON)).contains(ANSWER);
        breaker.put(ALERT, ANSWER);

        assertThat(store.operations).hasValue(2);
    }

    @Test
    void openFailsAtOnceAndPassesOneProbeAfterASecond() {
        store.failure = new StoreUnavailableException("busy", null);
        fails();
        fails();
        assertThat(store.operations).hasValue(1);

        passed = Duration.ofSeconds(1);
        fails();
        fails();
        assertThat(store.operations).as("one probe").hasValue(2);

        passed = Duration.ofSeconds(2);
        fails();
        assertThat(store.operations)
                .as("twice as long after the second failure")
                .hasValue(2);

        passed = Duration.ofSeconds(3);
        store.failure = null;
        assertThat(breaker.find(ALERT, NOON)).contains(ANSWER);
        assertThat(breaker.find(ALERT, NOON)).contains(ANSWER);
    }

    @Test
    void startsAgainWithTheFirstBackoffAfterASuccess() {
        store.failure = new StoreUnavailableException("busy", null);
        fails();
        passed = Duration.ofSeconds(1);
        store.failure = null;
        breaker.find(ALERT, NOON);
        store.failure = new StoreUnavailableException("busy again", null);
        fails();

        passed = Duration.ofMillis(1_999);
        fails();
        assertThat(store.operations).as("open").hasValue(3);
        passed = Duration.ofSeconds(2);
        fails();
        assertThat(store.operations).as("half-open after one second").hasValue(4);
    }

    @Test
    void countsABurstOfFailuresOnce() throws Exception {
        CountDownLatch failing = store.hang();
        store.failure = new StoreUnavailableException("busy", null);
        List<Future<?>> burst = IntStream.range(0, 10)
                .<Future<?>>mapToObj(i -> threads.submit(this::fails))
                .toList();
        store.awaitOperations(10);
        failing.countDown();
        for (Future<?> operation : burst) {
            operation.get();
        }

        passed = Duration.ofSeconds(1);
        fails();

        assertThat(store.operations).as("one probe after the first backoff").hasValue(11);
    }

    @Test
    void leavesAnInterruptedCallerInterruptedAndStaysClosed() throws Exception {
        CountDownLatch never = store.hang();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread caller = new Thread(() -> {
            fails();
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        store.awaitOperations(1);

        caller.interrupt();
        caller.join();

        assertThat(interrupted).isTrue();
        assertThat(never.getCount()).as("the store did not answer").isOne();
        store.hangsUntil = new CountDownLatch(0);
        assertThat(breaker.find(ALERT, NOON)).as("closed").contains(ANSWER);
    }

    @Test
    void staysOpenForHalfAMinuteAtMost() {
        store.failure = new StoreUnavailableException("busy", null);
        for (int i = 0; i < 20; i++) {
            fails();
            passed = passed.plusSeconds(32);
        }

        assertThat(store.operations).hasValue(20);
    }

    @Test
    void doesNotWaitForAStoreThatHangs() {
        breaker = breaker(Duration.ofMillis(20));
        store.hang();

        fails();
        fails();

        assertThat(store.operations).hasValue(1);
    }

    @Test
    void failsOtherOperationsAtOnceDuringAProbe() throws Exception {
        store.failure = new StoreUnavailableException("busy", null);
        fails();
        passed = Duration.ofSeconds(1);
        store.failure = null;
        CountDownLatch answer = store.hang();
        Future<Optional<LookupResult>> probe = threads.submit(() -> breaker.find(ALERT, NOON));
        store.awaitOperations(2);

        fails();

        answer.countDown();
        assertThat(probe.get()).contains(ANSWER);
    }

    @Test
    void treatsAnErrorAsAFailureOfTheStore() {
        store.failure = null;
        AnswerCache broken = new AnswerCacheBreaker(
                new AnswerCache() {
                    @Override
                    public Optional<LookupResult> find(AlertId alertId, Instant notBefore) {
                        throw new NoClassDefFoundError("x");
                    }

                    @Override
                    public void put(AlertId alertId, LookupResult answer) {}
                },
                threads,
                this::nanoTime);

        assertThatThrownBy(() -> broken.find(ALERT, NOON))
                .isInstanceOf(StoreUnavailableException.class)
                .hasCauseInstanceOf(NoClassDefFoundError.class);
    }

    @Test
    void logsAnOutageOnce() {
        List<String> lines = new CopyOnWriteArrayList<>();
        Logger log = Logger.getLogger(AnswerCacheBreaker.class.getName());
        log.setFilter(line -> !lines.add(line.getMessage()));
        try {
            store.failure = new StoreUnavailableException("busy", null);
            for (int i = 0; i < 500; i++) {
                fails();
                passed = passed.plusMillis(100);
            }
        } finally {
            log.setFilter(null);
        }

        assertThat(lines).containsExactly("the answer cache is out of reach; lookups go on without it");
    }

    private void fails() {
        assertThatThrownBy(() -> breaker.find(ALERT, NOON)).isInstanceOf(StoreUnavailableException.class);
    }

    private AnswerCache breaker(Duration patience) {
        return new AnswerCacheBreaker(store, threads, this::nanoTime, patience);
    }

    private long nanoTime() {
        return passed.toNanos();
    }
}
