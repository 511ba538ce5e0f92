package dev.alertuser.localkit;

import com.azure.core.util.Context;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueClientBuilder;
import com.azure.storage.queue.QueueMessageEncoding;
import com.azure.storage.queue.models.QueueMessageItem;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The app's queues as a caller uses them. */
final class AppQueues {
    static final String REQUESTS = "alert-user-requests";
    static final String RESULTS = "alert-user-results";

    /** Results of others are soon to be seen again. */
    private static final Duration GLANCE = Duration.ofSeconds(5);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final QueueClient requests;
    private final QueueClient results;

    AppQueues(String connectionString) {
        this.requests = queue(connectionString, REQUESTS);
        this.results = queue(connectionString, RESULTS);
    }

    private static QueueClient queue(String connectionString, String name) {
        return new QueueClientBuilder()
                .connectionString(connectionString)
                .queueName(name)
                .messageEncoding(QueueMessageEncoding.BASE64)
                .buildClient();
    }

    /** Sends a request, and returns its text. */
    String send(String alertId, String correlationId) {
        String request = JSON.createObjectNode()
                .put("alertId", alertId)
                .put("correlationId", correlationId)
                .toString();
        requests.createIfNotExists();
        requests.sendMessage(request);
        return request;
    }

    /** Takes the result with this correlation id out of its queue; empty if it does not come in time. */
    Optional<JsonNode> awaitResult(String correlationId, Duration patience) throws InterruptedException {
        results.createIfNotExists();
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            for (QueueMessageItem message : results.receiveMessages(32, GLANCE, null, Context.NONE)) {
                JsonNode result = json(message);
                if (result.path("correlationId").asText().equals(correlationId)) {
                    results.deleteMessage(message.getMessageId(), message.getPopReceipt());
                    return Optional.of(result);
                }
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return Optional.empty();
    }

    private static JsonNode json(QueueMessageItem message) {
        try {
            return JSON.readTree(message.getBody().toString());
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }
}
