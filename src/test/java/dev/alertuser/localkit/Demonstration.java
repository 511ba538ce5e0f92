package dev.alertuser.localkit;

import com.azure.core.util.Context;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueClientBuilder;
import com.azure.storage.queue.QueueMessageEncoding;
import com.azure.storage.queue.models.QueueMessageItem;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The main job, once over HTTP and once through the queue, printed as it happens. */
final class Demonstration {
    private static final String ALERT = FakeDefender.SEED_ALERT;
    private static final String REQUESTS = "alert-user-requests";
    private static final String RESULTS = "alert-user-results";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Results of others, left from earlier, are soon to be seen again. */
    private static final Duration GLANCE = Duration.ofSeconds(5);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI baseUri;
    private final String storage;
    private final PrintStream out;

    Demonstration(URI baseUri, String storage, PrintStream out) {
        this.baseUri = baseUri;
        this.storage = storage;
        this.out = out;
    }

    /** True if both answers were the user that Defender has for the alert. */
    boolean run() throws InterruptedException {
        out.println("\nWho is the user behind alert " + ALERT + "?");
        try {
            boolean good = askOverHttp();
            return askThroughTheQueue() && good;
        } catch (IOException | RuntimeException e) {
            out.println("  " + e.getMessage());
            return false;
        }
    }

    private boolean askOverHttp() throws IOException, InterruptedException {
        URI uri = baseUri.resolve("/api/alerts/" + ALERT + "/user");
        out.println("\n1. Over HTTP: GET " + uri);
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
        out.println("   " + response.statusCode() + " " + response.body());
        out.println("   The budget after it, r: calls left, t: seconds until there are more");
        response.headers().allValues("ratelimit").forEach(limit -> out.println("   RateLimit: " + limit));
        return response.statusCode() == 200 && response.body().equals(FakeDefenderUsers.SEED);
    }

    private boolean askThroughTheQueue() throws IOException, InterruptedException {
        out.println("\n2. Through a queue");
        String correlationId = UUID.randomUUID().toString();
        String request = JSON.createObjectNode()
                .put("alertId", ALERT)
                .put("correlationId", correlationId)
                .toString();
        QueueClient requests = queue(REQUESTS);
        requests.createIfNotExists();
        requests.sendMessage(request);
        out.println("   to " + REQUESTS + ": " + request);
        Optional<JsonNode> result = awaitResult(correlationId);
        if (result.isEmpty()) {
            out.println("   No result within " + PATIENCE.toSeconds() + " s.");
            return false;
        }
        out.println("   from " + RESULTS + ": " + result.get());
        return result.get().path("outcome").asText().equals("found")
                && result.get().path("user").equals(JSON.readTree(FakeDefenderUsers.SEED));
    }

    private Optional<JsonNode> awaitResult(String correlationId) throws InterruptedException {
        QueueClient results = queue(RESULTS);
        results.createIfNotExists();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
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

    private QueueClient queue(String name) {
        return new QueueClientBuilder()
                .connectionString(storage)
                .queueName(name)
                .messageEncoding(QueueMessageEncoding.BASE64)
                .buildClient();
    }

    /** What the reader may try next. */
    void suggest() {
        String api = baseUri + "/api";
        out.println("\nNow you:");
        suggest("an alert without a user", "-i " + api + "/alerts/missing_1/user");
        suggest(
                "the same answer again, only if it changed",
                "-i -H 'If-None-Match: *' " + api + "/alerts/" + ALERT + "/user");
        suggest(
                "several at once",
                "-s -H 'Content-Type: application/json' -d '{\"alertIds\":[\"" + ALERT + "\",\"missing_1\"]}' " + api
                        + "/alerts/users");
        suggest("an id that cannot be one", "-i " + api + "/alerts/not.an.id/user");
        suggest("the budget, and who used it", "-s " + api + "/budget");
        suggest("no waiting for a permit", "-i -H 'Prefer: wait=0' " + api + "/alerts/some_alert/user");
        out.println("  # the budget to look at, in a browser\n  " + api + "/budget");
    }

    private void suggest(String what, String arguments) {
        out.println("  # " + what + "\n  curl " + arguments);
    }
}
