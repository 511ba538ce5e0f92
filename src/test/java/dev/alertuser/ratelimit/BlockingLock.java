package dev.alertuser.ratelimit;

import dev.alertuser.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** The lock of a breaker, at which threads that a test has started wait until it lets them in. The test's own thread has it at once. */
final class BlockingLock implements Lock {
    private final Lock lock = new ReentrantLock();
    private final ThreadLocal<Boolean> blocks = ThreadLocal.withInitial(() -> false);
    private final CountDownLatch open = new CountDownLatch(1);
    private final List<FutureTask<?>> blocked = new ArrayList<>();

    /** Starts that in a thread, and returns once it waits for the lock. */
    <T> FutureTask<T> begin(Callable<T> caller) throws InterruptedException {
        FutureTask<T> task = new FutureTask<>(caller);
        Thread thread = new Thread(() -> {
            blocks.set(true);
            task.run();
        });
        thread.start();
        Threads.awaitWaiting(thread, "lockInterruptibly");
        blocked.add(task);
        return task;
    }

    /** Lets all of them in, and returns once they are through. */
    void letIn() throws Exception {
        open.countDown();
        for (FutureTask<?> each : blocked) {
            each.get();
        }
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        if (blocks.get()) {
            open.await();
        }
        lock.lockInterruptibly();
    }

    @Override
    public void unlock() {
        lock.unlock();
    }

    @Override
    public void lock() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean tryLock() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException();
    }
}
