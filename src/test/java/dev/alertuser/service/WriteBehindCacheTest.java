package dev.alertuser.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.service.port.AnswerCache;
import dev.alertuser.service.port.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WriteBehindCacheTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final AlertId ALERT = new AlertId("da1");
    private static final Duration DRAINING = Duration.ofSeconds(30);

    private final Queue<Runnable> background = new ArrayDeque<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Store store = new Store();
    private final WriteBehindCache cache = cache(background::add);

    /** What was written, in its order. It fails, hangs or does something else before a write on demand. */
    private static final class Store implements AnswerCache {
        private final List<LookupResult> writes = new ArrayList<>();
        private final Map<AlertId, LookupResult> answers = new HashMap<>();
        private volatile Runnable beforeNextWrite = () -> {};

        /** Lets the next write hang until the latch is released. */
        CountDownLatch hang() {
            CountDownLatch released = new CountDownLatch(1);
            beforeNextWrite = () -> {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            };
            return released;
        }

        @Override
        public synchronized Optional<LookupResult> find(AlertId alertId, Instant notBefore) {
            return Optional.ofNullable(answers.get(alertId));
        }

        @Override
        public void put(AlertId alertId, LookupResult answer) {
            Runnable before = beforeNextWrite;
            beforeNextWrite = () -> {};
            before.run();
            synchronized (this) {
                writes.add(answer);
                answers.put(alertId, answer);
            }
        }
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void theCallerDoesNotWaitForTheWrite() {
        cache.put(ALERT, answer(0));
        assertThat(store.writes).isEmpty();

        work();
        assertThat(store.writes).containsExactly(cached(0));
    }

    @Test
    void findsAnAnswerThatWaitsWithoutAskingTheStore() {
        cache.put(ALERT, answer(0));
        store.answers.put(ALERT, cached(-60));

        assertThat(cache.find(ALERT, NOON)).contains(cached(0));
        assertThat(cache.find(ALERT, NOON.plusMillis(1)))
                .as("where the one that waits is too old")
                .contains(cached(-60));
    }

    @Test
    void findsAnAnswerInTheStoreOnceItIsWritten() {
        cache.put(ALERT, answer(0));
        work();
        store.answers.put(ALERT, cached(60));

        assertThat(cache.find(ALERT, NOON)).contains(cached(60));
    }

    @Test
    void ofAnswersThatWaitForOneAlertOnlyTheNewestIsWritten() {
        cache.put(ALERT, answer(1));
        cache.put(ALERT, answer(2));
        cache.put(ALERT, answer(0));

        assertThat(cache.find(ALERT, NOON)).contains(cached(2));
        work();
        assertThat(store.answers).containsEntry(ALERT, cached(2));
        assertThat(store.writes).last().isEqualTo(cached(2));
        assertThat(store.writes).doesNotContain(cached(0));
    }

    @Test
    void aNewerAnswerThatComesDuringAWriteIsWrittenAfterIt() {
        store.beforeNextWrite = () -> cache.put(ALERT, answer(1));
        cache.put(ALERT, answer(0));
        work();

        assertThat(store.writes).containsExactly(cached(0), cached(1));
        assertThat(background).as("other writes").isEmpty();
    }

    @Test
    void anOlderAnswerThatComesDuringAWriteIsNotWritten() {
        store.beforeNextWrite = () -> cache.put(ALERT, answer(-1));
        cache.put(ALERT, answer(0));
        work();

        assertThat(store.writes).containsExactly(cached(0));
    }

    @Test
    void aCallerBeyondTheBoundWaitsForItsOwnWrite() {
        cache.put(new AlertId("da2"), answer(2));
        cache.put(new AlertId("da3"), answer(3));
        cache.put(ALERT, answer(1));
        assertThat(store.writes).containsExactly(cached(1));

        work();
        cache.put(ALERT, answer(4));
        assertThat(store.writes).as("again in the background").containsExactly(cached(1), cached(2), cached(3));
    }

    @Test
    void aFailedWriteIsForgottenAndNoCallerSeesIt() {
        store.beforeNextWrite = WriteBehindCacheTest::fail;
        cache.put(ALERT, answer(0));
        work();
        assertThat(cache.find(ALERT, NOON)).isEmpty();

        cache.drain(DRAINING);
        store.beforeNextWrite = WriteBehindCacheTest::fail;
        cache.put(ALERT, answer(0));
        assertThat(cache.find(ALERT, NOON)).as("after a write of its own").isEmpty();
    }

    @Test
    void aNewerAnswerIsWrittenAfterAFailedWrite() {
        store.beforeNextWrite = () -> {
            cache.put(ALERT, answer(1));
            fail();
        };
        cache.put(ALERT, answer(0));
        work();

        assertThat(store.writes).containsExactly(cached(1));
    }

    @Test
    void aWriteThatBreaksLeavesTheAlertToTheNextOne() {
        store.beforeNextWrite = () -> {
            throw new NoClassDefFoundError("x");
        };
        cache.put(ALERT, answer(0));
        assertThatThrownBy(this::work).isInstanceOf(NoClassDefFoundError.class);

        cache.put(ALERT, answer(1));
        work();
        assertThat(store.writes).containsExactly(cached(1));
        assertThat(cache.drain(DRAINING)).isTrue();
    }

    @Test
    void drainWaitsForTheWritesUnderWay() throws Exception {
        WriteBehindCache cache = cache(threads);
        CountDownLatch written = store.hang();
        cache.put(ALERT, answer(0));
        Thread end = new Thread(cache::drain);
        end.start();
        while (end.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }

        written.countDown();
        end.join();

        assertThat(store.find(ALERT, NOON)).contains(cached(0));
    }

    @Test
    void drainDoesNotWaitForAStoreThatHangs() {
        WriteBehindCache cache = cache(threads);
        store.hang();
        cache.put(ALERT, answer(0));

        assertThat(cache.drain(Duration.ofMillis(20))).isFalse();
    }

    @Test
    void whileTheProcessEndsCallersWaitForTheirOwnWrites() {
        assertThat(cache.drain(DRAINING)).isTrue();

        cache.put(ALERT, answer(0));

        assertThat(store.writes).containsExactly(cached(0));
        assertThat(background).isEmpty();
    }

    @Test
    void takesNoDeferral() {
        assertThatThrownBy(() -> cache.put(ALERT, new Deferred(Reason.DEFENDER_TIMEOUT, Duration.ZERO, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a deferral cannot be cached");
        assertThat(background).isEmpty();
    }

    private WriteBehindCache cache(Executor executor) {
        return new WriteBehindCache(store, executor, 2);
    }

    private void work() {
        while (!background.isEmpty()) {
            background.remove().run();
        }
    }

    private static void fail() {
        throw new StoreUnavailableException("busy", null);
    }

    /** @param second after noon */
    private static LookupResult answer(int second) {
        return new NotFound(new Origin(Source.DEFENDER, NOON.plusSeconds(second), "c-1", 404));
    }

    private static LookupResult cached(int second) {
        return new NotFound(new Origin(Source.CACHED, NOON.plusSeconds(second), "c-1"));
    }
}
