package dev.alertuser.service;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Applies a blocking task to a list with bounded parallelism. Thread-safe. */
public final class Parallel {
    /** Enough to spend a minute's permits within seconds, few enough to leave connections to other calls. */
    private static final int WIDTH = 16;

    private static final Duration FOREVER = Duration.ofDays(1);

    private final ExecutorService threads;

    /** @param threads an unbounded pool, since tasks block */
    public Parallel(ExecutorService threads) {
        this.threads = threads;
    }

    /** A task for one item. */
    @FunctionalInterface
    public interface Task<T, R> {
        R run(T item) throws InterruptedException;
    }

    /**
     * Runs the task for each item. After a failure no further task starts, and that failure is thrown.
     *
     * @return the results in the order of the items
     * @throws InterruptedException if interrupted while waiting; the running tasks are then interrupted too
     */
    public <T, R> List<R> map(List<T> items, Task<T, R> task) throws InterruptedException {
        return map(items, FOREVER, task).stream().map(Optional::orElseThrow).toList();
    }

    /**
     * Runs the task for each item within a time limit. After the limit no task starts, and running tasks are not waited for: they run to
     * their end, and their results are dropped.
     *
     * @return the results in the order of the items; empty for tasks that did not end in time
     */
    public <T, R> List<Optional<R>> map(List<T> items, Duration time, Task<T, R> task) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        AtomicReferenceArray<@Nullable R> results = new AtomicReferenceArray<>(items.size());
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        int runners = Math.min(WIDTH, items.size());
        CountDownLatch running = new CountDownLatch(runners);
        Runnable runner = () -> {
            try {
                for (int i = next.getAndIncrement(); i < items.size(); i = next.getAndIncrement()) {
                    results.set(i, task.run(items.get(i)));
                }
            } catch (Throwable t) {
                failure.compareAndSet(null, t);
                next.set(items.size());
            } finally {
                running.countDown();
            }
        };
        List<? extends Future<?>> futures = IntStream.range(0, runners)
                .mapToObj(i -> threads.submit(runner))
                .toList();
        try {
            running.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            futures.forEach(future -> future.cancel(true));
            throw e;
        } finally {
            // Past the last index: a runner that is still busy ends after its task and takes no further item.
            next.set(items.size());
        }
        rethrow(failure.get());
        return IntStream.range(0, items.size())
                .mapToObj(i -> Optional.ofNullable(results.get(i)))
                .toList();
    }

    private static void rethrow(@Nullable Throwable failure) throws InterruptedException {
        if (failure instanceof RuntimeException runtime) {
            throw runtime;
        } else if (failure instanceof Error error) {
            throw error;
        } else if (failure instanceof InterruptedException interrupted) {
            throw interrupted;
        } else if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }
}
