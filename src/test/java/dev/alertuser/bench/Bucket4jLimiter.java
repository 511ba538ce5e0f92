package dev.alertuser.bench;

import com.azure.data.tables.TableClientBuilder;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import java.time.Duration;

/**
 * Bucket4j as its author would use it here: with batching, with permits that are reserved ahead while their caller sleeps, and with its own
 * estimate of when asking again is worthwhile. Until then the callers of this instance are told so without asking the table, as ours are.
 */
final class Bucket4jLimiter implements Contender.Limiter {
    private final Bucket bucket;
    private volatile long refusedUntil = System.nanoTime();

    private Bucket4jLimiter(Bucket bucket) {
        this.bucket = bucket;
    }

    /** @param divisor of capacity and refill: with 2, what the bucket holds and what it gains in a window are one limit together */
    static Bucket4jLimiter over(TableClientBuilder table, String key, int divisor) {
        var configuration = BucketConfiguration.builder();
        for (Contender.Limit limit : Contender.LIMITS) {
            configuration.addLimit(Bandwidth.builder()
                    .capacity(limit.permits() / divisor)
                    .refillGreedy(limit.permits() / divisor, limit.window())
                    .build());
        }
        Bucket bucket = new Bucket4jTable(table)
                .builder()
                .withOptimization(Optimizations.batching())
                .build(key, configuration::build);
        bucket.getAvailableTokens();
        return new Bucket4jLimiter(bucket);
    }

    @Override
    public Duration acquire(Duration maxWait) throws InterruptedException {
        long left = refusedUntil - System.nanoTime();
        if (left > maxWait.toNanos()) {
            return Duration.ofNanos(left);
        }
        if (bucket.asBlocking().tryConsume(1, maxWait)) {
            return Duration.ZERO;
        }
        long estimate = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
        refusedUntil = System.nanoTime() + estimate;
        return Duration.ofNanos(estimate).plusMillis(1);
    }
}
