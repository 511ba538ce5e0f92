package dev.alertuser.endtoend.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueMessageEncoding;
import com.azure.storage.queue.models.QueueMessageItem;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alertuser.Names;
import dev.alertuser.endtoend.packaged.PackageWorker.Answer;
import dev.alertuser.localkit.fake.FakeCertificate;
import dev.alertuser.localkit.fake.FakeDefender;
import dev.alertuser.localkit.fake.FakeDefenderAnswer;
import dev.alertuser.localkit.fake.FakeEntra;
import dev.alertuser.localkit.fake.FakeIdentity;
import dev.alertuser.localkit.fake.FakeUser;
import dev.alertuser.localkit.fake.KeylessStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The package itself runs, as in Azure over TLS and by identity: each function of it is called once. */
class PackagedAppIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SEED = new Random().nextLong();

    private static KeylessStorage storage;
    private static FakeDefender defender;
    private static FakeIdentity identity;
    private static FakeEntra entra;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() throws Exception {
        FakeCertificate certificate = FakeCertificate.make(Path.of("target", "certificate", "packaged"));
        storage = KeylessStorage.start(certificate);
        identity = FakeIdentity.startUserAssigned();
        defender = FakeDefender.startTls(certificate);
        entra = FakeEntra.start(certificate);
    }

    @AfterAll
    static void stop() {
        storage.close();
        defender.close();
        identity.close();
        entra.close();
    }

    @Test
    void answersEachOfItsFunctions() throws Exception {
        try (PackagedApp app = start(PackagedApp.STAGED)) {
            useEachFunction(app);

            assertThat(app.called()).as("called").isEqualTo(app.functions());
        }
        assertThat(defender.received())
                .extracting(FakeDefender.Received::alertId)
                .containsExactly(
                        "package-one",
                        "package-many",
                        "package-me",
                        "server-of-many",
                        "package-queue",
                        "package-later");
        assertThat(received(Names.REQUESTS_QUEUE)).extracting("alertId").containsExactly("package-hook");
        assertThat(received(Names.RESULTS_QUEUE)).extracting("outcome").containsExactly("found", "failed");
    }

    /** As the build found them. */
    @Test
    void namesItsVersionAndItsCommit() throws Exception {
        try (PackagedApp app = start(PackagedApp.STAGED)) {
            JsonNode detail = JSON.readTree(app.get("HealthDetail").body());

            assertThat(Files.readString(Path.of("pom.xml")))
                    .contains("<version>" + detail.get("version").textValue() + "</version>");
            assertThat(detail.get("releaseId").textValue()).isIn(commit(), commit() + "-dirty");
        }
    }

    private static String commit() throws IOException {
        Process git = new ProcessBuilder("git", "rev-parse", "HEAD").start();
        String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return git.onExit().join().exitValue() == 0 ? commit : "unknown";
    }

    /** Else the first test may have looked somewhere else. */
    @Test
    void noticesALibraryThatIsMissing() throws Exception {
        copyPackage();
        try (DirectoryStream<Path> jars =
                Files.newDirectoryStream(directory.resolve("lib"), "azure-storage-queue-*.jar")) {
            Files.delete(jars.iterator().next());
        }
        try (PackagedApp app = start(directory)) {
            assertThatThrownBy(() -> useEachFunction(app)).hasMessageContaining("HealthReady");
        }
    }

    private static void useEachFunction(PackagedApp app) throws IOException {
        assertThat(app.trigger("Warmup", "", Map.of()))
                .as("Warmup, seed %s", SEED)
                .satisfies(PackagedAppIT::ran);
        for (String function :
                List.of("HealthLive", "HealthReady", "HealthDetail", "Budget", "Analyst", "OpenApi", "Swagger")) {
            assertThat(app.get(function)).as(function).satisfies(answer -> hasStatus(200, answer));
        }
        assertThat(app.http("AlertUser", "GET", Map.of(), null, Map.of("id", "package-one")))
                .satisfies(answer -> hasStatus(200, answer))
                .satisfies(answer -> assertThat(answer.body()).contains("accountName"));
        assertThat(app.http("AlertUsers", "POST", Map.of(), "{\"alertIds\":[\"package-many\"]}", Map.of()))
                .satisfies(answer -> hasStatus(200, answer))
                .satisfies(answer -> assertThat(answer.body()).contains("\"found\""));
        askAsUser(app);
        assertThat(app.http("AlertWebhook", "POST", Map.of(), "{\"alertIds\":[\"package-hook\"]}", Map.of()))
                .satisfies(answer -> hasStatus(202, answer));
        assertThat(app.trigger("AlertUserRequests", "package-queue", Map.of("InsertionTime", "")))
                .satisfies(PackagedAppIT::ran);
        assertThat(app.trigger("AlertUserPoison", "package-poison", Map.of())).satisfies(PackagedAppIT::ran);
        lookUpLater(app);
        assertThat(app.trigger("Purge", "{}", Map.of())).satisfies(PackagedAppIT::ran);
    }

    private static void askAsUser(PackagedApp app) throws IOException {
        Map<String, String> headers = entra.headersOf(FakeUser.BOB);
        assertThat(app.signedIn(headers, "MyAlertUser", "GET", null, Map.of("id", "package-me")))
                .satisfies(answer -> hasStatus(200, answer))
                .satisfies(answer -> assertThat(answer.body()).contains("accountName"));
        assertThat(app.signedIn(headers, "MyAlertUsers", "POST", "{\"alertIds\":[\"server-of-many\"]}", Map.of()))
                .satisfies(answer -> hasStatus(200, answer))
                .satisfies(answer -> assertThat(answer.body()).contains("DefenderDeniesUser"));
        assertThat(app.signedIn(headers, "MyLookup", "GET", null, Map.of("lookupId", "20260131-" + "0".repeat(32))))
                .satisfies(answer -> hasStatus(404, answer));
    }

    /** Comes last, since it makes the app pause. */
    private static void lookUpLater(PackagedApp app) throws IOException {
        defender.answerNextFor("package-later", FakeDefenderAnswer.throttled(60));
        Map<String, String> query = Map.of("mode", "async", "wait", "0");
        Answer later = app.http("AlertUser", "GET", query, null, Map.of("id", "package-later"));
        assertThat(later).satisfies(answer -> hasStatus(202, answer));
        String lookupId =
                Path.of(URI.create(later.location()).getPath()).getFileName().toString();
        assertThat(app.http("Lookup", "GET", Map.of("wait", "0"), null, Map.of("lookupId", lookupId)))
                .satisfies(answer -> hasStatus(202, answer));
    }

    private void copyPackage() throws IOException {
        try (Stream<Path> files = Files.walk(PackagedApp.STAGED)) {
            files.forEach(this::copy);
        }
    }

    private void copy(Path file) {
        try {
            Path copy = directory.resolve(PackagedApp.STAGED.relativize(file).toString());
            if (!Files.isDirectory(copy)) {
                Files.copy(file, copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PackagedApp start(Path directory) throws IOException {
        Map<String, String> environment = storage.environment(identity);
        environment.put("DEFENDER_API_URL", defender.url().toString());
        environment.putAll(entra.environment());
        return PackagedApp.start(directory, environment, SEED);
    }

    private static void ran(Answer answer) {
        hasStatus(0, answer);
    }

    private static void hasStatus(int status, Answer answer) {
        assertThat(answer.failure()).as("failure").isNull();
        assertThat(answer.status()).as("status of %s", answer.body()).isEqualTo(status);
    }

    private static List<Map<?, ?>> received(String name) throws IOException {
        QueueClient queue = storage.queues()
                .queueName(name)
                .messageEncoding(QueueMessageEncoding.BASE64)
                .buildClient();
        List<Map<?, ?>> messages = new ArrayList<>();
        for (QueueMessageItem message : queue.receiveMessages(32)) {
            messages.add(JSON.readValue(message.getBody().toString(), Map.class));
        }
        return messages;
    }
}
