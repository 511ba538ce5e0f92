package dev.alertuser.ratelimit;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelineNextSyncPolicy;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpPipelinePolicy;
import reactor.core.publisher.Mono;

/** Refuses to send a write that would overwrite the row whatever is in it: no {@code If-Match}, or {@code If-Match: *}. */
final class ConditionalWritePolicy implements HttpPipelinePolicy {
    @Override
    public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
        return Mono.defer(() -> {
            check(context.getHttpRequest());
            return next.process();
        });
    }

    @Override
    public HttpResponse processSync(HttpPipelineCallContext context, HttpPipelineNextSyncPolicy next) {
        check(context.getHttpRequest());
        return next.processSync();
    }

    private static void check(HttpRequest request) {
        boolean reads = request.getHttpMethod() == HttpMethod.GET;
        boolean inserts = request.getHttpMethod() == HttpMethod.POST;
        String eTag = request.getHeaders().getValue(HttpHeaderName.IF_MATCH);
        if (!reads && !inserts && (eTag == null || eTag.equals("*"))) {
            throw new IllegalStateException(
                    request.getHttpMethod() + " to the counter without the ETag of the row that it replaces");
        }
    }
}
