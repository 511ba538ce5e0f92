package dev.alertuser.service;

import dev.alertuser.service.port.AnswerCache;
import dev.alertuser.service.port.AnswerCacheContract;
import dev.alertuser.service.port.InMemoryAnswerCache;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;

/** While it is closed, the breaker is the cache behind it. */
class AnswerCacheBreakerContractTest extends AnswerCacheContract {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AnswerCache cache = new AnswerCacheBreaker(new InMemoryAnswerCache(), threads, System::nanoTime);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Override
    protected AnswerCache cache() {
        return cache;
    }
}
