package dev.alertuser.queues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueClientBuilder;
import com.azure.storage.queue.QueueMessageEncoding;
import com.azure.storage.queue.models.QueueMessageItem;
import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.service.port.MessageQueueException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StorageMessageQueueIT {
    private static final String LARGEST = "ü".repeat(24 * 1024);
    private static Azurite azurite;

    private final QueueClient queue = new QueueClientBuilder()
            .connectionString(azurite.connectionString())
            .queueName("q-" + UUID.randomUUID())
            .messageEncoding(QueueMessageEncoding.BASE64)
            .buildClient();
    private final StorageMessageQueue sender = new StorageMessageQueue(queue);

    @BeforeAll
    static void start() {
        azurite = Azurite.inMemory();
    }

    @AfterAll
    static void stop() {
        azurite.close();
    }

    @Test
    void sendsTextsUnchangedAndCreatesAMissingQueue() {
        sender.send("[{\"a\" : 1}]", Duration.ZERO);
        sender.send(LARGEST, Duration.ZERO);

        assertThat(queue.receiveMessages(2))
                .extracting(message -> message.getBody().toString())
                .containsExactly("[{\"a\" : 1}]", LARGEST);
    }

    @Test
    void hidesAMessageForItsDelayAndExpiresItAWeekLater() {
        sender.send("later", Duration.ofDays(1));

        assertThat(queue.receiveMessage()).isNull();
        assertThat(queue.getProperties().getApproximateMessagesCountLong()).isEqualTo(1);
    }

    @Test
    void aMessageLivesAWeekLongerThanItsDelay() {
        sender.send("now", Duration.ZERO);

        QueueMessageItem message = queue.receiveMessage();
        assertThat(Duration.between(message.getInsertionTime(), message.getExpirationTime()))
                .isEqualTo(Duration.ofDays(7));
    }

    @Test
    void reportsAQueueOutOfReach() {
        StorageMessageQueue unreachable = new StorageMessageQueue(new QueueClientBuilder()
                .connectionString("DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;"
                        + "QueueEndpoint=http://127.0.0.1:1/a;")
                .queueName("results")
                .retryOptions(new com.azure.storage.common.policy.RequestRetryOptions(
                        com.azure.storage.common.policy.RetryPolicyType.FIXED, 1, 1, null, null, null))
                .buildClient());

        assertThatThrownBy(() -> unreachable.send("text", Duration.ZERO))
                .isInstanceOf(MessageQueueException.class)
                .hasMessage("no message could be sent to the queue results");
    }
}
