package dev.alertuser.service;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/** Does the same to many things, some at a time. Thread-safe. */
public final class Parallel {
    /** Enough to spend a minute's permits within seconds, few enough to leave connections to others. */
    private static final int WIDTH = 16;

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
        AtomicInteger next = new AtomicInteger();
        AtomicReferenceArray<R> results = new AtomicReferenceArray<>(items.size());
        Callable<Void> runner = () -> {
            boolean ended = false;
            try {
                for (int i = next.getAndIncrement(); i < items.size(); i = next.getAndIncrement()) {
                    results.set(i, task.run(items.get(i)));
                }
                ended = true;
            } finally {
                if (!ended) {
                    next.set(items.size());
                }
            }
            return null;
        };
        for (Future<Void> future : threads.invokeAll(Collections.nCopies(Math.min(WIDTH, items.size()), runner))) {
            await(future);
        }
        return IntStream.range(0, items.size()).mapToObj(results::get).toList();
    }

    private static void await(Future<Void> future) throws InterruptedException {
        try {
            future.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof RuntimeException runtime) {
                throw runtime;
            } else if (cause instanceof Error error) {
                throw error;
            } else if (cause instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            throw new IllegalStateException(cause);
        }
    }
}
