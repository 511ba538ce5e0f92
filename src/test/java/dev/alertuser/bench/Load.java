package dev.alertuser.bench;

import dev.alertuser.service.budget.QuestionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;

/** How an instance is asked for permits. */
enum Load {
    /** So many callers that each permit is awaited by several. */
    SATURATED("saturated", 45) {
        @Override
        List<Thread> callers(int instance, int instances, Caller caller, long endMillis) {
            return threads(16, i -> {
                while (System.currentTimeMillis() < endMillis) {
                    caller.call();
                }
            });
        }
    },

    /** Eight calls a second in all, at random times: fewer than there are permits. */
    UNSATURATED("8 calls/s", 30) {
        @Override
        List<Thread> callers(int instance, int instances, Caller caller, long endMillis) {
            return threads(4, i -> {
                SplittableRandom random = new SplittableRandom(31L * instance + i);
                double meanMillis = 1000 * instances * 4 / 8.0;
                while (true) {
                    long pause = (long) (-Math.log(1 - random.nextDouble()) * meanMillis);
                    if (System.currentTimeMillis() + pause >= endMillis) {
                        return;
                    }
                    Thread.sleep(pause);
                    caller.call();
                }
            });
        }
    };

    private final String title;
    private final int seconds;

    Load(String title, int seconds) {
        this.title = title;
        this.seconds = seconds;
    }

    String title() {
        return title;
    }

    Duration duration() {
        return Duration.ofSeconds(seconds);
    }

    /** Those that differ under this load: half a bucket is as good as a whole one while permits are not scarce. */
    List<Contender> contenders() {
        return this == SATURATED ? List.of(Contender.values()) : List.of(Contender.OURS, Contender.BUCKET4J);
    }

    abstract List<Thread> callers(int instance, int instances, Caller caller, long endMillis);

    /** Waits for one permit. */
    interface Caller {
        void call() throws InterruptedException;
    }

    private interface Body {
        void run(int thread) throws InterruptedException;
    }

    private static List<Thread> threads(int count, Body body) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int thread = i;
            threads.add(new Thread(() -> {
                try {
                    body.run(thread);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        return threads;
    }

    /** A permit that was used: the time of that on this machine's clock, which all instances share, and how long it was waited for. */
    record Use(long atMillis, long waitMillis) {}

    /** @param refusedMillis how long those had waited who had no permit when the time was over */
    record Outcome(List<Use> uses, List<Long> refusedMillis) {}

    /** Runs from {@code startMillis} and returns when the last caller is done. */
    Outcome run(Contender.Limiter limiter, int instance, int instances, long startMillis) throws InterruptedException {
        ConcurrentLinkedQueue<Use> uses = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Long> refusedMillis = new ConcurrentLinkedQueue<>();
        long endMillis = startMillis + duration().toMillis();
        Caller caller = () -> {
            long asked = System.currentTimeMillis();
            if (awaitPermit(limiter, endMillis)) {
                long now = System.currentTimeMillis();
                uses.add(new Use(now, now - asked));
            } else {
                refusedMillis.add(Math.max(0, endMillis - asked));
            }
        };
        List<Thread> callers = callers(instance, instances, caller, endMillis);
        Thread.sleep(Math.max(0, startMillis - System.currentTimeMillis()));
        callers.forEach(Thread::start);
        for (Thread thread : callers) {
            thread.join();
        }
        return new Outcome(List.copyOf(uses), List.copyOf(refusedMillis));
    }

    /** Asks one question. @return false if there was no permit until the end, for which it waits */
    private static boolean awaitPermit(Contender.Limiter limiter, long endMillis) throws InterruptedException {
        QuestionKey question = new QuestionKey(ThreadLocalRandom.current().nextLong());
        for (long left = endMillis - System.currentTimeMillis();
                left > 0;
                left = endMillis - System.currentTimeMillis()) {
            Duration wait = limiter.acquire(question, Duration.ofMillis(Math.min(MAX_WAIT_MILLIS, left)));
            if (wait.isZero()) {
                return System.currentTimeMillis() <= endMillis;
            }
            long jitter = ThreadLocalRandom.current().nextInt(JITTER_MILLIS);
            Thread.sleep(Math.max(0, Math.min(wait.toMillis() + jitter, endMillis - System.currentTimeMillis())));
        }
        return false;
    }

    /** As long as a caller over HTTP may wait at most: one and a half of the short window. */
    private static final long MAX_WAIT_MILLIS = 3000;

    /** Random time that denied callers add to their retry time, so that they do not all return at once. */
    private static final int JITTER_MILLIS = 250;
}
