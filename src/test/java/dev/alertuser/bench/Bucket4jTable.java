package dev.alertuser.bench;

import com.azure.data.tables.TableClientBuilder;
import com.azure.data.tables.models.TableEntity;
import dev.alertuser.tables.StorageTable;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.proxy.RetryDecision;
import io.github.bucket4j.distributed.proxy.RetryStrategy;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AbstractCompareAndSwapBasedProxyManager;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AsyncCompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.CompareAndSwapOperation;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Bucket4j's bucket in a row of a table, with what our limiter does for its own row: while no other instance writes, it starts from its own
 * last write, which saves the read; after a lost race it waits as long. For one key, whose operations batching makes one at a time.
 */
final class Bucket4jTable extends AbstractCompareAndSwapBasedProxyManager<String> {
    private static final String ROW_KEY = "v1";
    private static final String STATE = "State";

    private final StorageTable table;
    private final BackOff backOff;

    /** The last write of this instance; null before it. */
    private volatile Written own;

    /** True if the last read found that write: no other instance writes at the moment. */
    private volatile boolean alone;

    private static final class Written {
        private final byte[] state;
        private final String eTag;

        private Written(byte[] state, String eTag) {
            this.state = state;
            this.eTag = eTag;
        }
    }

    Bucket4jTable(TableClientBuilder table, TimeMeter clock) {
        this(StorageTable.withoutRetries(table, IllegalStateException::new), clock, new BackOff());
    }

    private Bucket4jTable(StorageTable table, TimeMeter clock, BackOff backOff) {
        super(ClientSideConfig.getDefault().withClientClock(clock).withRetryStrategy(backOff));
        this.table = table;
        this.backOff = backOff;
    }

    /** Twice the time of a try at first, doubled with each one, at most a second, with full jitter. */
    private static final class BackOff implements RetryStrategy {
        private static final long MOST_MILLIS = 1000;

        private volatile long began;

        private void begin() {
            began = System.nanoTime();
        }

        @Override
        public RetryDecision shouldRetry(RetryMetadata attempt) {
            long took = 1 + (System.nanoTime() - began) / 1_000_000;
            long most = Math.min(MOST_MILLIS, took << Math.min(attempt.getAttemptNumber(), 6));
            return RetryDecision.retryAfter(
                    Duration.ofMillis(1 + ThreadLocalRandom.current().nextLong(most)));
        }
    }

    @Override
    protected CompareAndSwapOperation beginCompareAndSwapOperation(String key) {
        return new Operation(key);
    }

    private final class Operation implements CompareAndSwapOperation {
        private final String key;
        private String eTag;

        private Operation(String key) {
            this.key = key;
        }

        @Override
        public Optional<byte[]> getStateData(Optional<Long> timeoutNanos) {
            backOff.begin();
            Written last = own;
            if (alone && last != null) {
                eTag = last.eTag;
                return Optional.of(last.state);
            }
            StorageTable.Row row = table.read(key, ROW_KEY).row();
            eTag = row == null ? null : row.eTag();
            alone = last != null && last.eTag.equals(eTag);
            return Optional.ofNullable(row).map(found -> (byte[]) found.entity().getProperty(STATE));
        }

        @Override
        public boolean compareAndSwap(
                byte[] original, byte[] next, RemoteBucketState state, Optional<Long> timeoutNanos) {
            TableEntity entity = new TableEntity(key, ROW_KEY).addProperty(STATE, next);
            StorageTable.Write write = eTag == null ? table.insert(entity) : table.replace(entity, eTag);
            if (write.isLost()) {
                alone = false;
                return false;
            }
            own = new Written(next, write.eTag());
            return true;
        }
    }

    @Override
    public void removeProxy(String key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isAsyncModeSupported() {
        return false;
    }

    @Override
    protected AsyncCompareAndSwapOperation beginAsyncCompareAndSwapOperation(String key) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected CompletableFuture<Void> removeAsync(String key) {
        throw new UnsupportedOperationException();
    }
}
