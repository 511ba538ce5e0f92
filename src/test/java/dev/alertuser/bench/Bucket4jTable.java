package dev.alertuser.bench;

import com.azure.core.util.Context;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.models.TableEntity;
import com.azure.data.tables.models.TableEntityUpdateMode;
import com.azure.data.tables.models.TableServiceException;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.proxy.RetryDecision;
import io.github.bucket4j.distributed.proxy.RetryStrategy.RetryMetadata;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AbstractCompareAndSwapBasedProxyManager;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AsyncCompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.CompareAndSwapOperation;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/** Bucket4j's buckets in a table, one row each; a lost race is repeated after the same back-off as ours. */
final class Bucket4jTable extends AbstractCompareAndSwapBasedProxyManager<String> {
    private static final String ROW_KEY = "v1";
    private static final String STATE = "State";
    private static final Set<Integer> LOST_RACE = Set.of(404, 409, 412);
    private static final int MAX_BACK_OFF_MILLIS = 500;

    private final TableClient table;

    Bucket4jTable(TableClient table) {
        super(ClientSideConfig.getDefault().withRetryStrategy(Bucket4jTable::backOff));
        this.table = table;
    }

    private static RetryDecision backOff(RetryMetadata attempt) {
        int most = Math.min(MAX_BACK_OFF_MILLIS, 10 << Math.min(attempt.getAttemptNumber(), 6));
        return RetryDecision.retryAfter(
                Duration.ofMillis(1 + ThreadLocalRandom.current().nextInt(most)));
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
            try {
                TableEntity entity = table.getEntity(key, ROW_KEY);
                eTag = entity.getETag();
                return Optional.of((byte[]) entity.getProperty(STATE));
            } catch (TableServiceException e) {
                if (e.getResponse().getStatusCode() != 404) {
                    throw e;
                }
                eTag = null;
                return Optional.empty();
            }
        }

        @Override
        public boolean compareAndSwap(
                byte[] original, byte[] next, RemoteBucketState state, Optional<Long> timeoutNanos) {
            TableEntity entity = new TableEntity(key, ROW_KEY).addProperty(STATE, next);
            try {
                if (eTag == null) {
                    table.createEntity(entity);
                } else {
                    entity.addProperty("odata.etag", eTag);
                    table.updateEntityWithResponse(entity, TableEntityUpdateMode.REPLACE, true, null, Context.NONE);
                }
                return true;
            } catch (TableServiceException e) {
                if (LOST_RACE.contains(e.getResponse().getStatusCode())) {
                    return false;
                }
                throw e;
            }
        }
    }

    @Override
    public void removeProxy(String key) {
        table.deleteEntity(key, ROW_KEY);
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
