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
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Sending to a queue, and reading the state of one. */
class StorageQueuesBadAnswersTest extends BadAnswersContract {
    private static final int TRIES = 2;

    StorageQueuesBadAnswersTest() {
        super(MessageQueueException.class);
    }

    @Override
    protected Map<String, ThrowingCallable> operations(String connectionString) {
        StorageMessageQueue queue = new StorageMessageQueue(queue(connectionString, TRIES));
        StorageQueueGauge gauge = new StorageQueueGauge(name -> queue(connectionString, 1));
        return Map.of("send", () -> queue.send("text", Duration.ZERO), "look", () -> gauge.look("results"));
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
