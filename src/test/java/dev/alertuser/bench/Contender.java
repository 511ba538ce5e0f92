package dev.alertuser.bench;

import com.azure.core.http.policy.FixedDelay;
import com.azure.core.http.policy.RetryPolicy;
import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.ratelimit.DurableRateLimiter;
import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.Permit;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.budget.RateLimiter.Decision.Denied;
import dev.alertuser.service.budget.RateLimiter.Decision.Granted;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BlockingBucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import java.time.Duration;
import java.util.List;

/** A limiter in the benchmark. */
enum Contender {
    /** No permits are held back for a class, and no backlog is paced: the peer knows neither. */
    OURS("this limiter") {
        @Override
        Limiter limiter(TableClientBuilder table, String key) throws InterruptedException {
            List<Quota> quotas = LIMITS.stream()
                    .map(limit -> new Quota(limit.permits(), limit.window(), 0))
                    .toList();
            RateLimiter limiter = DurableRateLimiter.create(table, key, new QuotaPolicy(quotas, MARGIN));
            limiter.prepare();
            return maxWait -> acquire(limiter, maxWait);
        }
    },

    /** Its buckets hold a whole quota and are refilled evenly, which is its default. */
    BUCKET4J("Bucket4j") {
        @Override
        Limiter limiter(TableClientBuilder table, String key) {
            var configuration = BucketConfiguration.builder();
            for (Limit limit : LIMITS) {
                configuration.addLimit(Bandwidth.builder()
                        .capacity(limit.permits())
                        .refillGreedy(limit.permits(), limit.window())
                        .build());
            }
            BlockingBucket bucket = new Bucket4jTable(
                            table.retryPolicy(new RetryPolicy(new FixedDelay(0, Duration.ofMillis(1))))
                                    .buildClient())
                    .builder()
                    .withOptimization(Optimizations.batching())
                    .build(key, configuration::build)
                    .asBlocking();
            return maxWait -> bucket.tryConsume(1, maxWait) ? Duration.ZERO : maxWait;
        }
    };

    /** At most {@code permits} permits in any window of that length. */
    record Limit(int permits, Duration window) {}

    /** Defender's 100 a minute and 1500 an hour, in less time. */
    static final List<Limit> LIMITS =
            List.of(new Limit(100, Duration.ofSeconds(3)), new Limit(600, Duration.ofSeconds(30)));

    /** More of the window than in real time: networks, clocks and threads do not get faster when time is compressed. */
    private static final Duration MARGIN = Duration.ofMillis(600);

    /** For callers of a table that does not answer. */
    private static final Duration OUTAGE = Duration.ofMillis(100);

    private final String title;

    Contender(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    abstract Limiter limiter(TableClientBuilder table, String key) throws InterruptedException;

    /** What the load asks. */
    interface Limiter {
        /** Waits for a permit; zero if there was one, otherwise how long to wait before asking again. */
        Duration acquire(Duration maxWait) throws InterruptedException;
    }

    private static Duration acquire(RateLimiter limiter, Duration maxWait) throws InterruptedException {
        try {
            RateLimiter.Decision decision = limiter.acquire(Priority.INTERACTIVE, maxWait);
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
