package dev.alertuser.queues;

import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueClientBuilder;
import dev.alertuser.service.port.MessageQueueException;
import dev.alertuser.tables.BadAnswer;
import dev.alertuser.tables.BadAnswersContract;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** Sending to a queue, and reading the state of one. */
class StorageQueuesBadAnswersIT extends BadAnswersContract {
    private static final int TRIES = 2;

    StorageQueuesBadAnswersIT() {
        super(MessageQueueException.class);
    }

    @Override
    protected Map<String, Consumer<String>> operations() {
        return Map.of(
                "send",
                account -> new StorageMessageQueue(queue(account, TRIES)).send("text", Duration.ZERO),
                "look",
                account -> new StorageQueueGauge(name -> queue(account, 1)).look("results"));
    }

    @Override
    protected int attempts(BadAnswer answer, String operation) {
        return operation.equals("look") ? 1 : TRIES;
    }

    private static QueueClient queue(String connectionString, int tries) {
        return new QueueClientBuilder()
                .connectionString(connectionString)
                .queueName("results")
                .httpClient(HTTP)
                .retryOptions(new RequestRetryOptions(RetryPolicyType.FIXED, tries, 1, 10L, 10L, null))
                .buildClient();
    }
}
