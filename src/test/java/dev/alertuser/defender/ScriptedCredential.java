package dev.alertuser.defender;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** A credential whose requests the test answers, in its own thread and at its own time. */
final class ScriptedCredential implements TokenCredential {
    private final BlockingQueue<MonoSink<AccessToken>> waiting = new LinkedBlockingQueue<>();
    private final AtomicInteger requests = new AtomicInteger();

    @Override
    public Mono<AccessToken> getToken(TokenRequestContext context) {
        return Mono.create(request -> {
            requests.incrementAndGet();
            waiting.add(request);
        });
    }

    /** The oldest request that is not answered yet. */
    MonoSink<AccessToken> request() throws InterruptedException {
        MonoSink<AccessToken> request = waiting.poll(10, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came");
        }
        return request;
    }

    int requests() {
        return requests.get();
    }
}
