package dev.alertuser.localkit.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueClientBuilder;
import com.azure.storage.queue.models.PeekedMessageItem;
import com.azure.storage.queue.models.QueueStorageException;
import dev.alertuser.localkit.host.queuesamples.QueueSamples;
import dev.alertuser.localkit.host.queuesamples.QueueSamples.Seen;
import dev.alertuser.localkit.host.settings.HostSettings;
import dev.alertuser.localkit.host.settings.QueueSettings;
import dev.alertuser.localkit.process.Azurite;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalHostIT {
    private static final String SAMPLES = QueueSamples.class.getPackageName();

    @TempDir
    static Path data;

    private static Azurite azurite;

    @TempDir
    Path directory;

    private final String name = "work-" + UUID.randomUUID();
    private final QueueClient queue = client(name);
    private final QueueClient poisonQueue = client(name + "-poison");

    @BeforeAll
    static void startAzurite() {
        azurite = Azurite.at(data);
    }

    @AfterAll
    static void closeAzurite() {
        azurite.close();
    }

    @BeforeEach
    void forget() {
        QueueSamples.SEEN.clear();
    }

    @Test
    void createsItsQueuesAndDeletesWhatSucceeded() throws Exception {
        try (LocalHost host = start(Map.of())) {
            assertThat(host.port()).isPositive();
            eventually(() -> exists(queue) && exists(poisonQueue));
            String id = send("{\"a\": 1}");

            Seen seen = next();
            assertThat(seen.text()).isEqualTo("{\"a\": 1}");
            assertThat(seen.id()).isEqualTo(id);
            assertThat(seen.dequeueCount()).isEqualTo("1");
            assertThat(seen.insertionTime()).matches("\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\+00:00\"");
            eventually(() -> count(queue) == 0);
        }
    }

    @Test
    void aMemberOfTheBodyReplacesMetadataOfTheSameName() throws Exception {
        try (LocalHost host = start(Map.of())) {
            assertThat(host.port()).isPositive();
            send("{\"id\": 7, \"dequeueCount\": \"many\"}");

            Seen seen = next();
            assertThat(seen.id()).isEqualTo("7");
            assertThat(seen.dequeueCount()).isEqualTo("many");
        }
    }

    @Test
    void movesAMessageThatFailedTooOftenToThePoisonQueueForSevenDays() throws Exception {
        try (LocalHost host = start(Map.of("AzureWebJobs.Poison.Disabled", "true"))) {
            assertThat(host.port()).isPositive();
            send("fail");

            assertThat(next().dequeueCount()).isEqualTo("1");
            assertThat(next().dequeueCount()).isEqualTo("2");
            eventually(() -> exists(poisonQueue) && count(poisonQueue) == 1 && count(queue) == 0);
            PeekedMessageItem poison = poisonQueue.peekMessage();
            assertThat(poison.getBody()).hasToString(base64("fail"));
            assertThat(Duration.between(poison.getInsertionTime(), poison.getExpirationTime()))
                    .isEqualTo(Duration.ofDays(7));
        }
    }

    @Test
    void givesThePoisonQueueToItsFunction() throws Exception {
        try (LocalHost host = start(Map.of())) {
            assertThat(host.port()).isPositive();
            send("fail");

            assertThat(next().function()).isEqualTo("Work");
            assertThat(next().function()).isEqualTo("Work");
            assertThat(next()).isEqualTo(new Seen("Poison", "fail", "", "1", ""));
            eventually(() -> count(poisonQueue) == 0);
        }
    }

    @Test
    void movesWhatIsNoBase64ToThePoisonQueueWithoutACall() throws Exception {
        try (LocalHost host = start(Map.of("AzureWebJobs.Poison.Disabled", "true"))) {
            assertThat(host.port()).isPositive();
            sendRaw(queue, "no <Base64> & no loss");

            eventually(() -> exists(poisonQueue) && count(poisonQueue) == 1 && count(queue) == 0);
            assertThat(poisonQueue.peekMessage().getBody()).hasToString("no <Base64> & no loss");
            assertThat(QueueSamples.SEEN).isEmpty();
        }
    }

    @Test
    void leavesWhatIsNoBase64InAPoisonQueueWhereNoFunctionSeesIt() throws Exception {
        try (LocalHost host = start(Map.of())) {
            assertThat(host.port()).isPositive();
            sendRaw(poisonQueue, "no Base64");
            sendRaw(poisonQueue, base64("good"));

            assertThat(next().text()).isEqualTo("good");
            eventually(() -> count(poisonQueue) == 1);
            assertThat(poisonQueue.peekMessage()).as("a visible message").isNull();
            assertThat(QueueSamples.SEEN).isEmpty();
        }
    }

    @Test
    void passesAnyTextOnWhenMessagesArePlain() throws Exception {
        try (LocalHost host = start(Map.of("AzureFunctionsJobHost__extensions__queues__messageEncoding", "none"))) {
            assertThat(host.port()).isPositive();
            sendRaw(queue, "no Base64");

            assertThat(next().text()).isEqualTo("no Base64");
        }
    }

    @Test
    void textThatIsNoUtf8FailsLikeACall() throws Exception {
        try (LocalHost host = start(Map.of("AzureWebJobs.Poison.Disabled", "true"))) {
            assertThat(host.port()).isPositive();
            sendRaw(queue, "/w==");

            eventually(() -> exists(poisonQueue) && count(poisonQueue) == 1);
            assertThat(poisonQueue.peekMessage().getBody()).hasToString("/w==");
            assertThat(QueueSamples.SEEN).isEmpty();
        }
    }

    @Test
    void fetchesBatchUponBatch() throws Exception {
        try (LocalHost host = start(Map.of())) {
            assertThat(host.port()).isPositive();
            List<String> texts =
                    IntStream.range(0, 20).mapToObj(i -> "message " + i).toList();
            texts.forEach(this::send);

            List<String> seen = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                seen.add(next().text());
            }
            assertThat(seen).containsExactlyInAnyOrderElementsOf(texts);
            eventually(() -> count(queue) == 0);
        }
    }

    @Test
    void goesOnAfterAnOutage() throws Exception {
        try (LocalHost host = start(Map.of())) {
            assertThat(host.port()).isPositive();
            send("before");
            assertThat(next().text()).isEqualTo("before");

            azurite.stop();
            azurite.start();
            send("after");
            assertThat(next().text()).isEqualTo("after");
        }
    }

    @Test
    void letsARunningCallEndBeforeItCloses() throws Exception {
        LocalHost host = start(Map.of());
        send("wait");
        assertThat(next().text()).isEqualTo("wait");

        CompletableFuture<Void> closing = CompletableFuture.runAsync(host::close);
        assertThat(closing).as("closing while the call runs").failsWithin(Duration.ofMillis(500));
        QueueSamples.WAIT.release();
        closing.get(10, TimeUnit.SECONDS);

        assertThat(count(queue)).isZero();
    }

    @Test
    void renewsTheLeaseOfAMessageUnderWay() throws Exception {
        try (LocalHost host = start(Map.of(QueueSettings.LEASE, "PT1S"))) {
            assertThat(host.port()).isPositive();
            send("wait");
            assertThat(next().text()).isEqualTo("wait");

            assertThat(QueueSamples.SEEN.poll(2500, TimeUnit.MILLISECONDS))
                    .as("the same message once more")
                    .isNull();
            QueueSamples.WAIT.release();
            eventually(() -> count(queue) == 0);
        }
    }

    @Test
    void putsAMessageBackWhoseCallOutlastsItsFunctionTimeout() throws Exception {
        try (LocalHost host = start(Map.of("AzureFunctionsJobHost__functionTimeout", "00:00:00.5"))) {
            assertThat(host.port()).isPositive();
            send("hang");

            assertThat(next().dequeueCount()).isEqualTo("1");
            assertThat(next().dequeueCount()).isEqualTo("2");
            eventually(() -> count(queue) == 0);
        }
    }

    @Test
    void runsATimerFunctionOnlyWhenAskedTo() throws Exception {
        try (LocalHost host = start(Map.of())) {
            assertThat(post(host, "/admin/functions/tick", "{\"input\": \"now\"}"))
                    .isEqualTo(202);
            assertThat(next()).isEqualTo(new Seen("Tick", "now", "", "", ""));

            assertThat(post(host, "/admin/functions/nothing", "{}")).isEqualTo(404);
            assertThat(post(host, "/admin/functions/tick", "no JSON")).isEqualTo(400);
        }
    }

    private LocalHost start(Map<String, String> settings) throws IOException {
        Files.writeString(directory.resolve("host.json"), """
                {"version": "2.0", "extensions": {"queues": {"batchSize": 4, "newBatchThreshold": 2,
                 "maxDequeueCount": 2, "visibilityTimeout": "00:00:01", "maxPollingInterval": "00:00:00.2"}}}
                """);
        Map<String, String> all = new HashMap<>(settings);
        all.put("AzureWebJobsStorage", azurite.connectionString());
        all.put("QUEUE", name);
        return LocalHost.start(HostSettings.read(directory, all), SAMPLES, 0);
    }

    private String send(String text) {
        return sendRaw(queue, base64(text));
    }

    private static String sendRaw(QueueClient queue, String text) {
        queue.createIfNotExists();
        return queue.sendMessage(text).getMessageId();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static int post(LocalHost host, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + host.port() + path))
                .POST(BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    private static QueueClient client(String name) {
        return new QueueClientBuilder()
                .connectionString(azurite.connectionString())
                .queueName(name)
                .buildClient();
    }

    private static boolean exists(QueueClient queue) {
        try {
            queue.getProperties();
            return true;
        } catch (QueueStorageException e) {
            return false;
        }
    }

    /** Invisible messages count. */
    private static long count(QueueClient queue) {
        return queue.getProperties().getApproximateMessagesCountLong();
    }

    private static Seen next() throws InterruptedException {
        Seen seen = QueueSamples.SEEN.poll(20, TimeUnit.SECONDS);
        assertThat(seen).as("a call within 20 s").isNotNull();
        return seen;
    }

    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time at the deadline").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}
