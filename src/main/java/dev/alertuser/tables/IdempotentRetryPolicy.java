package dev.alertuser.tables;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelineNextSyncPolicy;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.RetryPolicy;
import com.azure.core.http.policy.RetryStrategy;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Retries a request once if a retry is harmless and quick. Never retries a conditional write, which may have landed and would then lose the
 * race against itself; nor a timeout; nor an answer with a Retry-After, since the SDK would sleep until then.
 */
final class IdempotentRetryPolicy extends RetryPolicy {
    IdempotentRetryPolicy() {
        super(new OnceAndSoon());
    }

    @Override
    public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
        return ConditionalWritePolicy.isConditional(context) ? next.process() : super.process(context, next);
    }

    @Override
    public HttpResponse processSync(HttpPipelineCallContext context, HttpPipelineNextSyncPolicy next) {
        return ConditionalWritePolicy.isConditional(context) ? next.processSync() : super.processSync(context, next);
    }

    private static final class OnceAndSoon implements RetryStrategy {
        private static final Duration DELAY = Duration.ofMillis(200);

        @Override
        public int getMaxRetries() {
            return 1;
        }

        @Override
        public Duration calculateRetryDelay(int retryAttempts) {
            return DELAY;
        }

        @Override
        public boolean shouldRetry(HttpResponse response) {
            return RetryStrategy.super.shouldRetry(response)
                    && response.getHeaderValue(HttpHeaderName.RETRY_AFTER) == null
                    && response.getHeaderValue(HttpHeaderName.RETRY_AFTER_MS) == null
                    && response.getHeaderValue(HttpHeaderName.X_MS_RETRY_AFTER_MS) == null;
        }

        /** Called for an exception and each of its causes; true for a connection that was refused or reset. */
        @Override
        public boolean shouldRetryException(Throwable throwable) {
            return throwable instanceof IOException && !(throwable instanceof ConnectTimeoutException);
        }
    }
}
