package dev.alertuser.bench;

import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.ratelimit.DurableRateLimiter;
import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.ratelimit.counter.TimeBounds;
import dev.alertuser.ratelimit.store.CounterStore;
import dev.alertuser.ratelimit.store.StorageClock;
import dev.alertuser.ratelimit.store.TableCounterStore;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.Permit;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.QuestionKey;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.budget.RateLimiter.Decision.Denied;
import dev.alertuser.service.budget.RateLimiter.Decision.Granted;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** A limiter in the benchmark. */
enum Contender {
    /** No permits are held back for a class, and no backlog is paced: the peer knows neither. */
    OURS("this limiter") {
        @Override
        Limiter limiter(TableClientBuilder table, String key) throws InterruptedException {
            RateLimiter limiter = DurableRateLimiter.create(table, key, policy());
            limiter.prepare();
            return (question, maxWait) -> acquire(limiter, question, maxWait);
        }

        @Override
        void spend(TableClientBuilder table, String key, long startMillis) {
            TimeBounds start = new TimeBounds(startMillis, startMillis);
            Counter counter = Counter.EMPTY;
            for (int left = LONGEST.permits() - 1; left >= 0; left--) {
                long slot = startMillis - left * policy().longestSpan() / LONGEST.permits();
                counter = counter.with(policy(), Priority.INTERACTIVE, slot, start);
            }
            CounterStore.Write write = new TableCounterStore(table, new StorageClock(System::nanoTime), key)
                    .replace(counter.committed(UUID.randomUUID(), policy(), start), null);
            if (write.eTag() == null) {
                throw new IllegalStateException("the row " + key + " is in use");
            }
        }

        private QuotaPolicy policy() {
            List<Quota> quotas = LIMITS.stream()
                    .map(limit -> new Quota(limit.permits(), limit.window(), 0))
                    .toList();
            return new QuotaPolicy(quotas, MARGIN);
        }
    },

    /** Its bucket holds a whole quota and is refilled evenly, which is its default: after idle time two quotas fit into a window. */
    BUCKET4J("Bucket4j") {
        @Override
        Limiter limiter(TableClientBuilder table, String key) {
            return Bucket4jLimiter.over(table, key, 1);
        }

        @Override
        void spend(TableClientBuilder table, String key, long startMillis) {
            Bucket4jLimiter.spend(table, key, 1, startMillis);
        }
    },

    /**
     * Its bucket holds half a quota and gains half of one in a window, which together never exceed it. Interval refill would not do: a bucket
     * may be emptied right before it is filled and right after.
     */
    BUCKET4J_HALF("Bucket4j, half") {
        @Override
        Limiter limiter(TableClientBuilder table, String key) {
            return Bucket4jLimiter.over(table, key, 2);
        }

        @Override
        void spend(TableClientBuilder table, String key, long startMillis) {
            Bucket4jLimiter.spend(table, key, 2, startMillis);
        }
    };

    /** At most {@code permits} permits in any window of that length. */
    record Limit(int permits, Duration window) {}

    /** Defender's 100 a minute and 1500 an hour, both in a thirtieth of the time. */
    static final List<Limit> LIMITS =
            List.of(new Limit(100, Duration.ofSeconds(2)), new Limit(1500, Duration.ofSeconds(120)));

    static final Limit LONGEST = LIMITS.get(LIMITS.size() - 1);

    /** Ten times as much of the short window as in real time: networks, clocks and threads do not get faster when time is compressed. */
    static final Duration MARGIN = Duration.ofMillis(600);

    /** For callers of a table that does not answer. */
    private static final Duration OUTAGE = Duration.ofMillis(100);

    private final String title;

    Contender(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** A limiter that has its connections and has seen the row: what that takes is not counted for any. */
    abstract Limiter limiter(TableClientBuilder table, String key) throws InterruptedException;

    /** Makes a row whose long window was used evenly, and up at that time. */
    abstract void spend(TableClientBuilder table, String key, long startMillis);

    /** What the load asks. */
    interface Limiter {
        /**
         * Waits for a permit; zero if there was one, otherwise how long to wait before asking again.
         *
         * @param question the same one until there is a permit; only this limiter has a line, and so a use for it
         */
        Duration acquire(QuestionKey question, Duration maxWait) throws InterruptedException;
    }

    private static Duration acquire(RateLimiter limiter, QuestionKey question, Duration maxWait)
            throws InterruptedException {
        try {
            RateLimiter.Decision decision = limiter.acquire(question, Priority.INTERACTIVE, maxWait);
            if (decision instanceof Denied denied) {
                return denied.retryAfter().plusMillis(1);
            }
            Permit permit = ((Granted) decision).permit();
            return permit.isCurrent() ? Duration.ZERO : Duration.ofMillis(1);
        } catch (BudgetUnavailableException e) {
            e.printStackTrace();
            return OUTAGE;
        }
    }
}
