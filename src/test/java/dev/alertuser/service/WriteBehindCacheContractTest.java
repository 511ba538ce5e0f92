package dev.alertuser.service;

import dev.alertuser.service.port.AnswerCache;
import dev.alertuser.service.port.AnswerCacheContract;
import dev.alertuser.service.port.InMemoryAnswerCache;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Nested;

/** A reader in this process cannot tell whether an answer is written yet. */
class WriteBehindCacheContractTest {
    @Nested
    class WhileAnswersWait extends Contract {
        WhileAnswersWait() {
            super(write -> {});
        }
    }

    @Nested
    class OnceTheyAreWritten extends Contract {
        OnceTheyAreWritten() {
            super(Runnable::run);
        }
    }

    private abstract static class Contract extends AnswerCacheContract {
        private final AnswerCache cache;

        private Contract(Executor threads) {
            cache = new WriteBehindCache(new InMemoryAnswerCache(), threads);
        }

        @Override
        protected AnswerCache cache() {
            return cache;
        }
    }
}
