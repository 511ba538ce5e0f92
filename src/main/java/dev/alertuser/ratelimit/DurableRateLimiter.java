package dev.alertuser.ratelimit;

import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.ratelimit.Allocation.NoSlot;
import dev.alertuser.ratelimit.Allocation.Outcome;
import dev.alertuser.ratelimit.Allocation.Request;
import dev.alertuser.ratelimit.Allocation.Slot;
import dev.alertuser.ratelimit.LimiterMetrics.Count;
import dev.alertuser.ratelimit.counter.BudgetReporter;
import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.counter.Pause;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.ratelimit.counter.TimeBounds;
import dev.alertuser.ratelimit.store.StorageClock;
import dev.alertuser.ratelimit.store.TableCounterStore;
import dev.alertuser.service.budget.BudgetReport;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.LimiterStats;
import dev.alertuser.service.budget.Permit;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.QuestionKey;
import dev.alertuser.service.budget.RateLimiter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Permits from one row in Table storage, shared by all instances. {@link Counter} says how they are counted, {@link GroupCommit} how the
 * row is read and written. A caller gets a slot, ahead of time if necessary, and sleeps until it opens without any further request; or a
 * place in line.
 */
public final class DurableRateLimiter implements RateLimiter {
    /** A permit that comes too late to be used is lost. This many in a row mean that the process is starved of CPU time. */
    private static final int MAX_LATE_PERMITS = 3;

    /**
     * A waiter that has not seen the row for this long reads it again before it sends: another instance may have met a pause, and the process
     * may have been suspended.
     */
    private static final Duration SIGHT_LIFE = Duration.ofSeconds(5);

    private static final Duration NEXT_SECOND = Duration.ofSeconds(1);

    private final SharedCounter shared;
    private final GroupCommit group;
    private final StorageClock clock;
    private final InstantSource wallClock;
    private final QuotaPolicy policy;
    private final Sleeper sleeper;

    /**
     * The limiter over the row of that key.
     *
     * @param table names the account, the table and the credential. Its HTTP client must not repeat a request by itself, and must give up
     *     on one after a few seconds
     * @param key all apps that spend the same quota of Defender use the same account, table and key
     */
    public static DurableRateLimiter create(TableClientBuilder table, String key, QuotaPolicy policy) {
        StorageClock clock = new StorageClock(System::nanoTime);
        Random random = new Random();
        InstantSource wallClock = InstantSource.system();
        Committer committer = new Committer(
                new TableCounterStore(table, clock, key), clock, policy, wallClock, Thread::sleep, random);
        StoreBreaker breaker = new StoreBreaker(new ReentrantLock(true), clock::nanoTime, random);
        return new DurableRateLimiter(new SharedCounter(committer, breaker), clock, wallClock, Thread::sleep, random);
    }

    /**
     * @param wallClock may be wrong, but advances while the process and its monotonic clock are suspended
     * @param random thread-safe
     */
    DurableRateLimiter(
            SharedCounter shared,
            StorageClock clock,
            InstantSource wallClock,
            Sleeper sleeper,
            RandomGenerator random) {
        this.shared = shared;
        this.group = new GroupCommit(shared, clock, sleeper, random);
        this.clock = clock;
        this.wallClock = wallClock;
        this.policy = shared.policy();
        this.sleeper = sleeper;
    }

    @Override
    public Decision acquire(QuestionKey question, Priority priority, Duration maxWait) throws InterruptedException {
        try {
            Decision decision = decide(question, priority, maxWait);
            metrics().add(decision instanceof Decision.Granted ? Count.granted(priority) : Count.denied(priority));
            return decision;
        } catch (BudgetUnavailableException e) {
            metrics().add(Count.UNAVAILABLE);
            metrics().add(Count.PLACES_UNAVAILABLE, isDue(question) ? 1 : 0);
            throw e;
        }
    }

    /** Whether the question has a place whose time has come, as far as this instance knows. */
    private boolean isDue(QuestionKey question) {
        return shared.lastSeen()
                .flatMap(counter -> counter.line().find(question))
                .filter(place -> !place.claimed())
                .filter(place ->
                        place.slot() <= clock.now().late() && clock.now().early() <= place.end())
                .isPresent();
    }

    @Override
    public Optional<LimiterStats> takeStats() {
        long clockWidth = clock.isSet() ? clock.now().width() : -1;
        return metrics().take(clock.nanoTime(), this::lastSeenWindows, clockWidth);
    }

    LimiterMetrics metrics() {
        return shared.metrics();
    }

    private Decision decide(QuestionKey question, Priority priority, Duration maxWait) throws InterruptedException {
        long giveUpAt = clock.nanoTime() + bounded(maxWait).toNanos();
        for (int late = 0; late < MAX_LATE_PERMITS; late++) {
            Outcome outcome = group.request(new Request(question, priority, left(giveUpAt), late > 0));
            if (outcome instanceof NoSlot denied) {
                long retryAfter = Math.max(0, denied.until() - clock.now().early());
                return new Decision.Denied(Duration.ofMillis(retryAfter), denied.cause(), late);
            }
            Slot slot = (Slot) outcome;
            boolean open = awaitOpening(slot.slot(), priority, giveUpAt);
            Instant opened = wallClock.instant();
            Permit permit = () -> isCurrent(slot.end(), priority) && isYoung(opened);
            if (open && permit.isCurrent()) {
                metrics().addSlotLag(clock.now().early() - slot.slot());
                return new Decision.Granted(permit, late + 1);
            }
            metrics().add(Count.LATE_PERMITS);
        }
        return new Decision.Denied(
                NEXT_SECOND, shared.pause().causeAt(clock.now().early()), MAX_LATE_PERMITS);
    }

    @Override
    public void pause(Duration retryAfter) throws InterruptedException {
        metrics().add(Count.PAUSES);
        Duration bounded = retryAfter.compareTo(NEXT_SECOND) < 0 ? NEXT_SECOND : retryAfter;
        long until = clock.now().late() + Math.min(bounded.toMillis(), policy.longestSpan());
        shared.pause(new Pause(until, Cause.THROTTLED));
    }

    @Override
    public void prepare() throws InterruptedException {
        shared.look();
    }

    @Override
    public List<BudgetReport.Window> lastSeenWindows() {
        return shared.lastSeen().map(counter -> reporter(counter).windows()).orElse(List.of());
    }

    @Override
    public BudgetReport report(long backlog, @Nullable QuestionKey question) throws InterruptedException {
        return reporter(shared.look()).report(backlog, question);
    }

    private BudgetReporter reporter(Counter counter) {
        TimeBounds now = clock.now();
        QuotaPolicy binding = counter.binding(policy, now);
        return new BudgetReporter(counter.paused(shared.pause(), binding), binding, now);
    }

    private long left(long giveUpAt) {
        return Math.max(0, (giveUpAt - clock.nanoTime()) / 1_000_000);
    }

    private static Duration bounded(Duration maxWait) {
        return maxWait.compareTo(QuotaPolicy.HORIZON) > 0 ? QuotaPolicy.HORIZON : maxWait;
    }

    /**
     * Sleeps until the slot opens.
     *
     * @return false if it no longer opens within the caller's wait, because the storage service's time was set back meanwhile. A slot at the
     *     very end of the wait may open slightly later: when it was assigned, the time was known less precisely
     */
    private boolean awaitOpening(long slot, Priority priority, long giveUpAt) throws InterruptedException {
        boolean slept = false;
        for (long left = untilOpen(slot, priority); left > 0; left = untilOpen(slot, priority)) {
            if (left > left(giveUpAt) + clock.now().width() + NEXT_SECOND.toMillis()) {
                return false;
            }
            slept = true;
            sleeper.sleep(left);
        }
        if (slept) {
            look(SIGHT_LIFE);
        }
        return true;
    }

    /** A slot may open a little early, but not while Defender's pause lasts. */
    private long untilOpen(long slot, Priority priority) {
        long opens = Math.max(policy.opensAt(slot), Math.min(slot, pausedUntil(priority)));
        return opens - clock.now().early();
    }

    /** Reads the row for a pause. The permit is charged already, so it may be used even if the row is out of reach. */
    private void look(Duration maxAge) throws InterruptedException {
        try {
            shared.lookAgain(maxAge);
        } catch (BudgetUnavailableException e) {
            // The next acquire reports it.
        }
    }

    private long pausedUntil(Priority priority) {
        return shared.pause().until() + policy.restAfterPause(priority);
    }

    /** False if the process was suspended since, or if the wall clock jumped. */
    private boolean isYoung(Instant opened) {
        Duration age = Duration.between(opened, wallClock.instant()).abs();
        return age.toMillis() <= policy.sendDeadline() + 2 * policy.clockSlack();
    }

    private boolean isCurrent(long end, Priority priority) {
        TimeBounds now = clock.now();
        return policy.isCurrent(end, now) && pausedUntil(priority) <= now.early();
    }
}
