package dev.alertuser.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alertuser.service.port.MessageQueueException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ParallelTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Parallel parallel = new Parallel(threads);

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void returnsTheResultsInTheOrderOfTheItems() throws Exception {
        List<Integer> items = IntStream.range(0, 1000).boxed().toList();

        assertThat(parallel.map(items, item -> -item))
                .isEqualTo(items.stream().map(item -> -item).toList());
    }

    @Test
    void returnsNoResultsForNoItems() throws Exception {
        assertThat(parallel.map(List.of(), item -> item)).isEmpty();
    }

    @Test
    void runsSixteenTasksAtATime() throws Exception {
        CountDownLatch together = new CountDownLatch(16);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();

        List<Boolean> met = parallel.map(IntStream.range(0, 64).boxed().toList(), item -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            together.countDown();
            boolean all = together.await(10, TimeUnit.SECONDS);
            running.decrementAndGet();
            return all;
        });

        assertThat(met).containsOnly(true);
        assertThat(most).hasValue(16);
    }

    @Test
    void doesNotWaitForRunningTasksAfterTheTimeLimit() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();

        List<Optional<Integer>> results =
                parallel.map(IntStream.range(0, 100).boxed().toList(), Duration.ofMillis(50), item -> {
                    begun.incrementAndGet();
                    if (item >= 8) {
                        end.await();
                        ended.countDown();
                    }
                    return item;
                });

        assertThat(results).hasSize(100).endsWith(Optional.empty());
        end.countDown();
        assertThat(ended.await(10, TimeUnit.SECONDS))
                .as("a running task goes on to its end")
                .isTrue();
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(begun.get()).as("no task starts after the limit").isLessThanOrEqualTo(8 + 16);
    }

    @Test
    void startsNoTaskAfterAFailureAndThrowsIt() {
        ExecutorService oneThread = Executors.newSingleThreadExecutor();
        AtomicInteger begun = new AtomicInteger();

        assertThatThrownBy(() -> new Parallel(oneThread)
                        .map(IntStream.range(0, 10_000).boxed().toList(), item -> {
                            if (begun.incrementAndGet() == 3) {
                                throw new MessageQueueException("down", null);
                            }
                            return item;
                        }))
                .isInstanceOf(MessageQueueException.class)
                .hasMessage("down");
        assertThat(begun).hasValue(3);
        oneThread.shutdownNow();
    }

    @Test
    void throwsErrorsToo() {
        assertThatThrownBy(() -> parallel.map(List.of(1), item -> {
                    throw new NoClassDefFoundError("x");
                }))
                .isInstanceOf(NoClassDefFoundError.class);
    }

    @Test
    void interruptsItsTasksWhenItIsInterrupted() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread caller = new Thread(() -> {
            try {
                parallel.map(List.of(1), item -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                    return item;
                });
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        caller.start();
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        caller.interrupt();

        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        caller.join();
    }
}
