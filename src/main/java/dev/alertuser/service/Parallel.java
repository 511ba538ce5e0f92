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

/** Does the same to many things, some at a time. Thread-safe. */
public final class Parallel {
    /** Enough to spend a minute's permits within seconds, few enough to leave connections to others. */
    private static final int WIDTH = 16;

    private static final Duration FOREVER = Duration.ofDays(1);

    private final ExecutorService threads;

    /** @param threads as many as are asked for: the tasks block */
    public Parallel(ExecutorService threads) {
        this.threads = threads;
    }

    /** What is done to one thing. */
    @FunctionalInterface
    public interface Task<T, R> {
        R run(T item) throws InterruptedException;
    }

    /**
     * The results in the order of the items. After a failure no further task begins, and that failure is thrown.
     *
     * @throws InterruptedException if interrupted while waiting; the tasks under way are then interrupted too
     */
    public <T, R> List<R> map(List<T> items, Task<T, R> task) throws InterruptedException {
        return map(items, FOREVER, task).stream().map(Optional::orElseThrow).toList();
    }

    /**
     * The same within a time: a task that has not begun by then does not begin, and one that is under way is not waited for. It goes on to its
     * end, so what it does is done.
     *
     * @return the results in the order of the items; empty for those that were not there in time
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
