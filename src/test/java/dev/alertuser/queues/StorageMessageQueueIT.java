package dev.alertuser.queues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueClientBuilder;
import com.azure.storage.queue.QueueMessageEncoding;
import com.azure.storage.queue.models.QueueMessageItem;
import dev.alertuser.localkit.fake.StorageFault;
import dev.alertuser.localkit.fake.StorageProxy;
import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.service.port.MessageQueueException;
import dev.alertuser.tables.BadAnswer;
import dev.alertuser.tables.BadAnswersContract;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StorageMessageQueueIT {
    private static final String LARGEST = "ü".repeat(24 * 1024);
    private static Azurite azurite;

    private static StorageProxy proxy;

    private final String name = "q-" + UUID.randomUUID();
    private final QueueClient queue = client(azurite.connectionString());
    private final StorageMessageQueue sender = new StorageMessageQueue(client(proxy.connectionString()));

    private QueueClient client(String connectionString) {
        return new QueueClientBuilder()
                .connectionString(connectionString)
                .queueName(name)
                .messageEncoding(QueueMessageEncoding.BASE64)
                .httpClient(BadAnswersContract.HTTP)
                .retryOptions(new RequestRetryOptions(RetryPolicyType.FIXED, 3, 2, 10L, 10L, null))
                .buildClient();
    }

    @BeforeAll
    static void start() {
        azurite = Azurite.inMemory();
        proxy = StorageProxy.before(azurite);
    }

    @AfterAll
    static void stop() {
        proxy.close();
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
        Duration delay = Duration.ofDays(1);

        sender.send("later", delay);

        assertThat(queue.receiveMessage()).isNull();
        assertThat(queue.getProperties().getApproximateMessagesCountLong()).isEqualTo(1);
        assertThat(sent())
                .contains("visibilitytimeout=" + delay.toSeconds())
                .contains("messagettl=" + delay.plusDays(7).toSeconds());
    }

    @Test
    void aMessageLivesAWeekLongerThanItsDelay() throws InterruptedException {
        Duration delay = Duration.ofSeconds(1);

        sender.send("soon", delay);

        QueueMessageItem message = queue.receiveMessage();
        while (message == null) {
            Thread.sleep(50);
            message = queue.receiveMessage();
        }
        assertThat(Duration.between(message.getInsertionTime(), message.getExpirationTime()))
                .isEqualTo(delay.plusDays(7));
    }

    private String sent() {
        List<String> requests = proxy.requests().stream()
                .filter(request -> request.startsWith("POST ") && request.contains(name))
                .toList();
        return requests.get(requests.size() - 1);
    }

    /** A message may come twice after an answer that was lost, and after a request that took longer than the client waited. */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void losesNoMessageThatItAccepted(String trouble, StorageFault fault, int most) {
        queue.create();
        proxy.treat(request -> request.contains(name), fault.times(1));

        sender.send("text", Duration.ZERO);

        assertThat(queue.receiveMessages(32))
                .hasSizeBetween(1, most)
                .allMatch(message -> message.getBody().toString().equals("text"));
    }

    static List<Arguments> losesNoMessageThatItAccepted() {
        return List.of(
                arguments("busy", BadAnswer.BUSY, 1),
                arguments("timed out", BadAnswer.TIMED_OUT, 1),
                arguments("slow", StorageFault.slow(Duration.ofMillis(200)), 1),
                arguments("request lost", StorageFault.LOST_REQUEST, 1),
                arguments("answer lost", StorageFault.LOST_ANSWER, 2),
                arguments("hanging", StorageFault.HANG, 1),
                arguments("request late", StorageFault.LATE_REQUEST, 2));
    }

    @Test
    void reportsAQueueOutOfReach() {
        StorageMessageQueue unreachable = new StorageMessageQueue(new QueueClientBuilder()
                .connectionString("DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;"
                        + "QueueEndpoint=http://127.0.0.1:1/a;")
                .queueName("results")
                .retryOptions(new RequestRetryOptions(RetryPolicyType.FIXED, 1, 1, null, null, null))
                .buildClient());

        assertThatThrownBy(() -> unreachable.send("text", Duration.ZERO))
                .isInstanceOf(MessageQueueException.class)
                .hasMessage("no message could be sent to the queue results");
    }
}
