package dev.alertuser.ratelimit;

import dev.alertuser.functions.queue.SimulatedDeferral;
import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.ratelimit.store.StorageClock;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.Permit;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.QuestionKey;
import dev.alertuser.service.budget.RateLimiter.Decision;
import dev.alertuser.service.budget.RateLimiter.Decision.Denied;
import dev.alertuser.service.budget.RateLimiter.Decision.Granted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Instances of the app that share one counter and call one upstream, as the app does. */
final class SimulatedFleet {
    /** How long a queued request waits for its permit before it is deferred. */
    static final Duration BACKLOG_WAIT = SimulatedDeferral.WAIT;

    /** How long an HTTP caller waits by default. */
    static final Duration INTERACTIVE_WAIT = Duration.ofSeconds(20);

    /** Queued requests that one instance works on at once. */
    static final int BACKLOG_THREADS = 12;

    /** What the service says when the table is out of reach. */
    private static final Duration OUTAGE = Duration.ofSeconds(30);

    /** Nanoseconds; the hour and the usual margin, within which no more than an hour's permits lie. */
    static final long SPAN = Simulation.HOUR + 2 * Simulation.SECOND;

    /** Nanoseconds; what the app assumes when a 429 does not say how long to wait. */
    private static final long DEFAULT_RETRY_AFTER = 60 * Simulation.SECOND;

    private final long seed;
    private final Simulation simulation;
    private final Random random;
    private final SimulatedTable table;
    private final SimulatedUpstream upstream;
    private final SimulatedLatency latency;
    private final List<Instance> instances = new ArrayList<>();

    private boolean retryAfterIsTold = true;
    private int granted;
    private int sent;
    private final Map<Long, Integer> sentBySpan = new HashMap<>();
    private int refused;
    private int unavailable;
    private long pausedAt = -1;
    private final List<Long> interactiveWaits = new ArrayList<>();

    SimulatedFleet(long seed, SimulatedUpstream.Kind kind, List<Quota> quotas, SimulatedLatency.Kind latency) {
        this.seed = seed;
        simulation = new Simulation(seed);
        random = new Random(simulation.random.nextLong());
        table = new SimulatedTable(simulation);
        upstream = new SimulatedUpstream(kind, quotas, random);
        this.latency = new SimulatedLatency(latency, new Random(simulation.random.nextLong()));
    }

    void run(long nanos) {
        simulation.run(nanos);
    }

    /** Repeats a task, on average after that many nanoseconds. */
    void every(long nanos, Simulation.Task task) {
        simulation.start(0, () -> {
            while (true) {
                simulation.sleep((long) (-StrictMath.log(1 - random.nextDouble()) * nanos));
                task.run();
            }
        });
    }

    void after(long nanos, Runnable action) {
        simulation.after(nanos, action);
    }

    Random random() {
        return random;
    }

    SimulatedTable table() {
        return table;
    }

    /** The upstream counts the calls that it refuses, too. */
    void countingRefusedCalls() {
        upstream.countRefused();
    }

    /** The upstream answers 429 without saying for how long. */
    void withoutRetryAfter() {
        retryAfterIsTold = false;
    }

    /** Another party spends the same quota: on average that many calls an hour. */
    void otherParty(int callsPerHour) {
        every(Simulation.HOUR / callsPerHour, () -> upstream.call(simulation.now()));
    }

    Instance add(QuotaPolicy policy) {
        Instance instance = new Instance(policy);
        instances.add(instance);
        return instance;
    }

    Instance any() {
        return instances.get(random.nextInt(instances.size()));
    }

    /** Permits given to a caller. */
    int granted() {
        return granted;
    }

    /** Jain's index of the permits of the instances in a time: 1 if all had the same, 1/n if one had all. */
    double fairness(long from, long to) {
        return JainIndex.of(instances.stream().mapToLong(instance -> instance.permits(from, to)));
    }

    /** Calls that left with a permit. */
    int sent() {
        return sent;
    }

    /** Calls an hour after the first span, which finds the budget untouched, up to the end of the given one; refused ones included. */
    double callsPerHour(int spans) {
        int calls = IntStream.range(1, spans)
                .map(span -> sentBySpan.getOrDefault((long) span, 0))
                .sum();
        return (double) calls * Simulation.HOUR / ((spans - 1) * SPAN);
    }

    /** Calls that the upstream answered with 429. */
    int refused() {
        return refused;
    }

    /** Number of callers that failed because the table was out of reach. */
    int unavailable() {
        return unavailable;
    }

    /** Nanoseconds that interactive callers waited for their permit; {@link Long#MAX_VALUE} for callers without a permit. */
    List<Long> interactiveWaits() {
        return interactiveWaits;
    }

    @Override
    public String toString() {
        return "seed " + seed + ": " + sent + " calls, " + refused + " refused";
    }

    private QuestionKey question() {
        return new QuestionKey(random.nextLong());
    }

    /** As a Retry-After header says it. */
    private static long seconds(Duration retryAfter) {
        return retryAfter.plusMillis(999).toSeconds();
    }

    /**
     * A caller that asks one question until it is answered, and comes back to any instance.
     *
     * @param late at most so many nanoseconds after the time that it was told
     */
    SimulatedCaller caller(long late) {
        SimulatedCaller caller = new SimulatedCaller();
        QuestionKey question = question();
        simulation.start(0, () -> {
            caller.asked = simulation.now();
            while (any().answers(caller, question, INTERACTIVE_WAIT)) {
                caller.comesInTime = true;
                caller.late = late == 0 ? 0 : random.nextLong(late);
                simulation.sleep(caller.told - simulation.now() + caller.late);
                if (caller.neverReturns) {
                    return;
                }
            }
        });
        return caller;
    }

    /** A caller that asks many questions at once, and holds so many places in line at a time. */
    List<SimulatedCaller> batch(int questions, int places) {
        List<SimulatedCaller> open = new ArrayList<>(
                Stream.generate(SimulatedCaller::new).limit(questions).toList());
        List<SimulatedCaller> all = List.copyOf(open);
        Map<SimulatedCaller, QuestionKey> keys = new HashMap<>();
        all.forEach(each -> keys.put(each, question()));
        simulation.start(0, () -> {
            all.forEach(each -> each.asked = simulation.now());
            while (!open.isEmpty()) {
                Instance instance = any();
                List<SimulatedCaller> denied = new ArrayList<>();
                for (SimulatedCaller each : List.copyOf(open)) {
                    if (denied.size() < places) {
                        if (instance.answers(each, keys.get(each), Duration.ZERO)) {
                            each.comesInTime = simulation.now() - each.told < 5 * Simulation.SECOND;
                            denied.add(each);
                        } else {
                            open.remove(each);
                        }
                    }
                }
                long first = denied.stream().mapToLong(each -> each.told).min().orElse(0);
                simulation.sleep(Math.max(Simulation.SECOND, first - simulation.now()));
            }
        });
        return all;
    }

    /** Another process takes the place of one. */
    void crash() {
        Instance gone = any();
        gone.stopped = true;
        instances.remove(gone);
        add(gone.policy);
    }

    /** One process with a clock of its own. */
    final class Instance {
        private final QuotaPolicy policy;
        private final DurableRateLimiter limiter;
        private final double speed = 1 + 50e-6 * (2 * random.nextDouble() - 1);
        private long offset = random.nextLong(-10 * Simulation.HOUR, 10 * Simulation.HOUR);
        private long wallClockError = random.nextLong(-10 * Simulation.HOUR, 10 * Simulation.HOUR);
        private long standsAt;
        private boolean stands;
        private boolean stopped;
        private final List<Long> grantedAt = new ArrayList<>();

        Instance(QuotaPolicy policy) {
            StorageClock clock = new StorageClock(this::nanoTime);
            this.policy = policy;
            Sleeper sleeper = millis -> sleep(millis * Simulation.MILLISECOND);
            Random dice = new Random(random.nextLong());
            Committer committer =
                    new Committer(table.seenBy(clock, this::sleep), clock, policy, this::wallClock, sleeper, dice);
            StoreBreaker breaker = new StoreBreaker(simulation.lock(), clock::nanoTime, dice);
            SharedCounter shared = new SharedCounter(committer, breaker);
            limiter = new DurableRateLimiter(shared, clock, this::wallClock, sleeper, dice);
        }

        private long permits(long from, long to) {
            return grantedAt.stream().filter(at -> from <= at && at < to).count();
        }

        private long nanoTime() {
            return stands ? standsAt : (long) (simulation.now() * speed) + offset;
        }

        /** By this instance's own time. */
        private void sleep(long nanos) {
            long wake = nanoTime() + nanos;
            do {
                simulation.sleep(stands ? Simulation.SECOND : Math.max(0, wake - nanoTime()));
            } while (stands || nanoTime() < wake);
        }

        private Instant wallClock() {
            return Instant.EPOCH.plusNanos(20 * Simulation.HOUR + simulation.now() + wallClockError);
        }

        void wallClockJumps(long nanos) {
            wallClockError += nanos;
        }

        /** Nothing runs here for so long, and the monotonic clock does not notice. */
        void standsStill(long nanos) {
            if (!stands) {
                standsAt = nanoTime();
                stands = true;
                simulation.after(nanos, () -> {
                    stands = false;
                    offset -= nanos;
                });
            }
        }

        /** Another process takes its place, which knows nothing yet. */
        void replace(Priority priority, Duration maxWait, int threads) {
            stopped = true;
            instances.remove(this);
            add(policy).saturate(priority, maxWait, threads);
        }

        /** Whether the caller has to come again. */
        private boolean answers(SimulatedCaller caller, QuestionKey question, Duration maxWait)
                throws InterruptedException {
            long came = simulation.now();
            boolean inTime = caller.comesInTime && came >= caller.told && came - caller.told <= 10 * Simulation.SECOND;
            caller.visits++;
            Decision decision = limiter.acquire(question, Priority.INTERACTIVE, maxWait);
            if (decision instanceof Denied denied) {
                caller.answered = caller.answered == 0 ? simulation.now() : caller.answered;
                caller.told = simulation.now() + seconds(denied.retryAfter()) * Simulation.SECOND;
                caller.broken += inTime && !isExcused(caller) ? 1 : 0;
                caller.toldAt = simulation.now();
                return true;
            }
            caller.served = simulation.now();
            caller.broken += inTime && !isExcused(caller) && caller.served - came > 5 * Simulation.SECOND ? 1 : 0;
            send(((Granted) decision).permit());
            return false;
        }

        /** An instance that has not seen the row since a pause moved the places may tell an older time once more. */
        private boolean isExcused(SimulatedCaller caller) {
            return pausedAt >= 0 && pausedAt + 300 * Simulation.SECOND > caller.toldAt;
        }

        /** Defender asks for a pause, when it is called. */
        void pauses(Duration pause) throws InterruptedException {
            limiter.prepare();
            limiter.pause(pause);
            pausedAt = simulation.now();
        }

        /** Threads that never lack work. */
        Instance saturate(Priority priority, Duration maxWait, int threads) {
            for (int i = 0; i < threads; i++) {
                simulation.start(random.nextLong(Simulation.SECOND), () -> {
                    while (!stopped) {
                        work(priority, maxWait);
                    }
                });
            }
            return this;
        }

        private void work(Priority priority, Duration maxWait) throws InterruptedException {
            QuestionKey question = question();
            try {
                Decision decision = limiter.acquire(question, priority, maxWait);
                while (decision instanceof Denied denied) {
                    if (priority == Priority.INTERACTIVE) {
                        sleep(seconds(denied.retryAfter()) * Simulation.SECOND);
                    } else {
                        defer(Reason.BUDGET_EXHAUSTED, denied.retryAfter());
                    }
                    decision = limiter.acquire(question, priority, maxWait);
                }
                send(((Granted) decision).permit());
            } catch (BudgetUnavailableException e) {
                unavailable++;
                defer(Reason.BUDGET_UNAVAILABLE, OUTAGE);
            }
        }

        private void defer(Reason reason, Duration retryAfter) {
            sleep(SimulatedDeferral.of(reason, retryAfter, random).toNanos());
        }

        /** So many HTTP callers at once. */
        void interactiveCalls(int calls) {
            for (int i = 0; i < calls; i++) {
                simulation.start(0, () -> {
                    long start = simulation.now();
                    Decision decision = limiter.acquire(question(), Priority.INTERACTIVE, INTERACTIVE_WAIT);
                    interactiveWaits.add(decision instanceof Granted ? simulation.now() - start : Long.MAX_VALUE);
                    if (decision instanceof Granted permit) {
                        send(permit.permit());
                    }
                });
            }
        }

        /** Now and then a call leaves late, because a connection must be made or the machine is busy. */
        private void send(Permit permit) throws InterruptedException {
            granted++;
            grantedAt.add(simulation.now());
            boolean slow = random.nextInt(20) == 0;
            sleep(random.nextLong((slow ? 900 : 5) * Simulation.MILLISECOND));
            if (!permit.isCurrent()) {
                return;
            }
            sent++;
            sentBySpan.merge(simulation.now() / SPAN, 1, Integer::sum);
            long[] retryAfter = {0};
            long there = latency.next(simulation.now());
            simulation.after(there, () -> retryAfter[0] = upstream.call(simulation.now()));
            sleep(there + random.nextLong(20, 200) * Simulation.MILLISECOND);
            if (retryAfter[0] > 0) {
                refused++;
                long seconds = retryAfter[0] / Simulation.SECOND + 1;
                limiter.pause(Duration.ofNanos(retryAfterIsTold ? seconds * Simulation.SECOND : DEFAULT_RETRY_AFTER));
            }
        }
    }
}
