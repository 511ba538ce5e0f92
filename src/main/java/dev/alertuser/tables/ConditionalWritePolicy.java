package dev.alertuser.tables;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelineNextSyncPolicy;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.core.util.Context;
import reactor.core.publisher.Mono;

/** Refuses a conditional write that would overwrite any version of the row: no {@code If-Match}, or {@code If-Match: *}. */
final class ConditionalWritePolicy implements HttpPipelinePolicy {
    private static final String MARK = ConditionalWritePolicy.class.getName();

    /** Context of a write that must not replace a row unconditionally. */
    static final Context CONDITIONAL = new Context(MARK, true);

    static boolean isConditional(HttpPipelineCallContext context) {
        return context.getData(MARK).isPresent();
    }

    @Override
    public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
        return Mono.defer(() -> {
            check(context);
            return next.process();
        });
    }

    @Override
    public HttpResponse processSync(HttpPipelineCallContext context, HttpPipelineNextSyncPolicy next) {
        check(context);
        return next.processSync();
    }

    private static void check(HttpPipelineCallContext context) {
        HttpRequest request = context.getHttpRequest();
        boolean inserts = request.getHttpMethod() == HttpMethod.POST;
        String eTag = request.getHeaders().getValue(HttpHeaderName.IF_MATCH);
        if (isConditional(context) && !inserts && (eTag == null || eTag.equals("*"))) {
            throw new IllegalStateException(request.getHttpMethod() + " without the ETag of the row that it replaces");
        }
    }
}
