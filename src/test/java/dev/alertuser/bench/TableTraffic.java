package dev.alertuser.bench;

import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelineNextSyncPolicy;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpPipelinePolicy;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import reactor.core.publisher.Mono;

/** Counts what goes to the table, and makes it as slow as if the table were not on this machine. */
final class TableTraffic implements HttpPipelinePolicy {
    /** Log-normal, as the latency of a storage account is: half of the requests take longer, one in a hundred three times as long. */
    private static final double MEDIAN_MILLIS = 8;

    private static final double SIGMA = 0.5;

    static final String LATENCY = "8 ms (median, log-normal)";

    private final LongAdder operations = new LongAdder();
    private final LongAdder conflicts = new LongAdder();

    long operations() {
        return operations.sum();
    }

    /** Writes that lost a race. */
    long conflicts() {
        return conflicts.sum();
    }

    @Override
    public HttpResponse processSync(HttpPipelineCallContext context, HttpPipelineNextSyncPolicy next) {
        operations.increment();
        delay();
        HttpResponse response = next.processSync();
        if (response.getStatusCode() == 412 || response.getStatusCode() == 409) {
            conflicts.increment();
        }
        return response;
    }

    private static void delay() {
        double millis =
                MEDIAN_MILLIS * Math.exp(SIGMA * ThreadLocalRandom.current().nextGaussian());
        try {
            Thread.sleep((long) millis, (int) (millis % 1 * 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
        throw new UnsupportedOperationException("only the synchronous client is measured");
    }
}
