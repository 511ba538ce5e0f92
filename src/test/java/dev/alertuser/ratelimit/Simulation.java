package dev.alertuser.ratelimit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads on virtual time. One of them runs at a time, in an order that only the seed decides, and time passes only while all of them
 * sleep; so hours take a second, and blocking code is simulated as it is.
 */
final class Simulation {
    static final long MILLISECOND = 1_000_000;
    static final long SECOND = 1_000 * MILLISECOND;
    static final long HOUR = 3_600 * SECOND;

    final Random random;

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::time).thenComparingLong(Event::order));
    private final List<Worker> workers = new ArrayList<>();
    private long order;
    private long now;
    private long end;
    private Worker running = new Worker(Thread.currentThread());
    private volatile boolean over;
    private volatile Throwable failure;

    Simulation(long seed) {
        random = new Random(seed);
    }

    /** What a thread does; it ends early with the simulation. */
    @FunctionalInterface
    interface Task {
        void run() throws InterruptedException;
    }

    /** Ends a thread that is not done when the simulation is. */
    @SuppressWarnings("serial")
    private static final class Over extends RuntimeException {
        Over() {
            super("the simulation is over", null, false, false);
        }
    }

    /** Something due: an action without a thread of its own, or a thread's turn. */
    private record Event(long time, long order, Runnable action, Worker worker) {}

    private static final class Worker {
        private Thread thread;
        private volatile boolean turn;
        private boolean done;

        Worker(Thread thread) {
            this.thread = thread;
        }
    }

    /** Nanoseconds since the start. */
    long now() {
        return now;
    }

    /** Runs the action after that many nanoseconds. It must not sleep. */
    void after(long nanos, Runnable action) {
        events.add(new Event(now + nanos, order++, action, null));
    }

    /** Starts a thread after that many nanoseconds. */
    void start(long nanos, Task task) {
        Worker worker = new Worker(null);
        worker.thread = new Thread(() -> live(worker, task));
        worker.thread.setDaemon(true);
        wakeAt(now + nanos, worker);
    }

    void sleep(long nanos) {
        if (over) {
            throw new Over();
        }
        long wake = now + Math.max(0, nanos);
        if (wake <= end && (events.isEmpty() || events.peek().time() > wake)) {
            now = wake;
            return;
        }
        Worker me = running;
        wakeAt(wake, me);
        awaitTurn(me);
    }

    /** Runs for that many nanoseconds, and then ends all threads. */
    void run(long nanos) {
        end = now + nanos;
        Worker me = running;
        wakeAt(end, me);
        awaitTurn(me);
        over = true;
        for (Worker worker : workers) {
            if (!worker.done && worker.thread.isAlive()) {
                hand(worker);
                join(worker.thread);
            }
        }
        if (failure != null) {
            throw new AssertionError("a simulated thread failed", failure);
        }
    }

    private void live(Worker me, Task task) {
        try {
            task.run();
        } catch (Over e) {
            return;
        } catch (Throwable e) {
            failure = e;
        }
        me.done = true;
        if (!over) {
            hand(nextWorker());
        }
    }

    private void wakeAt(long time, Worker worker) {
        events.add(new Event(time, order++, null, worker));
    }

    private void awaitTurn(Worker me) {
        Worker next = nextWorker();
        if (next != me) {
            hand(next);
            while (!me.turn) {
                LockSupport.park(this);
            }
            me.turn = false;
        }
        if (over) {
            throw new Over();
        }
        running = me;
    }

    private Worker nextWorker() {
        while (true) {
            Event event = events.remove();
            now = event.time();
            if (event.worker() != null) {
                return event.worker();
            }
            event.action().run();
        }
    }

    private void hand(Worker worker) {
        worker.turn = true;
        if (worker.thread.getState() == Thread.State.NEW) {
            workers.removeIf(old -> old.done);
            workers.add(worker);
            worker.turn = false;
            running = worker;
            worker.thread.start();
        } else {
            LockSupport.unpark(worker.thread);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** First come, first served. */
    Lock lock() {
        return new VirtualLock();
    }

    private final class VirtualLock implements Lock {
        private final Deque<Worker> waiting = new ArrayDeque<>();
        private Worker owner;

        @Override
        public void lockInterruptibly() {
            if (owner == null) {
                owner = running;
            } else {
                Worker me = running;
                waiting.add(me);
                awaitTurn(me);
            }
        }

        @Override
        public void unlock() {
            owner = waiting.poll();
            if (owner != null) {
                wakeAt(now, owner);
            }
        }

        @Override
        public void lock() {
            lockInterruptibly();
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
}
