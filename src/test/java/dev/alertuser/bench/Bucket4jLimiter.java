package dev.alertuser.bench;

import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.service.budget.QuestionKey;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import java.time.Duration;
import java.util.function.ToLongFunction;

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
        Bucket bucket = new Bucket4jTable(table, TimeMeter.SYSTEM_MILLISECONDS)
                .builder()
                .withOptimization(Optimizations.batching())
                .build(key, () -> configuration(divisor, limit -> limit.permits() / divisor));
        bucket.getAvailableTokens();
        return new Bucket4jLimiter(bucket);
    }

    /** Makes a bucket whose longest limit holds nothing at that time, and is filled from then on. */
    static void spend(TableClientBuilder table, String key, int divisor, long startMillis) {
        new Bucket4jTable(table, stoppedAt(startMillis))
                .builder()
                .build(
                        key,
                        () -> configuration(
                                divisor, limit -> limit.equals(Contender.LONGEST) ? 0 : limit.permits() / divisor))
                .getAvailableTokens();
    }

    /** @param initial tokens of a limit when the bucket is made */
    private static BucketConfiguration configuration(int divisor, ToLongFunction<Contender.Limit> initial) {
        var configuration = BucketConfiguration.builder();
        for (Contender.Limit limit : Contender.LIMITS) {
            configuration.addLimit(Bandwidth.builder()
                    .capacity(limit.permits() / divisor)
                    .refillGreedy(limit.permits() / divisor, limit.window())
                    .initialTokens(initial.applyAsLong(limit))
                    .build());
        }
        return configuration.build();
    }

    private static TimeMeter stoppedAt(long millis) {
        return new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return millis * 1_000_000;
            }

            @Override
            public boolean isWallClockBased() {
                return true;
            }
        };
    }

    @Override
    public Duration acquire(QuestionKey question, Duration maxWait) throws InterruptedException {
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
