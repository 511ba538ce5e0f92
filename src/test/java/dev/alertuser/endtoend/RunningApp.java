package dev.alertuser.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.data.tables.TableClient;
import com.azure.data.tables.TableClientBuilder;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueClientBuilder;
import com.azure.storage.queue.QueueMessageEncoding;
import com.azure.storage.queue.models.QueueMessageItem;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alertuser.Names;
import dev.alertuser.config.Settings;
import dev.alertuser.localkit.fake.FakeCertificate;
import dev.alertuser.localkit.fake.FakeDefender;
import dev.alertuser.localkit.fake.FakeEntra;
import dev.alertuser.localkit.fake.FakeIdentity;
import dev.alertuser.localkit.fake.KeylessStorage;
import dev.alertuser.localkit.fake.StorageFault;
import dev.alertuser.localkit.fake.StorageProxy;
import dev.alertuser.localkit.host.settings.HostSettings;
import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.localkit.process.HostProcess;
import dev.alertuser.localkit.process.StorageAccount;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.tables.TableAnswerCache;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The whole app in a local host of its own, with real storage and a Defender and an identity endpoint that take scripts. */
final class RunningApp implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ApiContract CONTRACT = new ApiContract();

    /** Opens the functions that ask for a key; {@link #get} and its kin send it, but not to those that ask for none. */
    static final String KEY = UUID.randomUUID().toString();

    /** A setting: the host warms up before its first request, as one does that the platform adds to others. */
    static final Map<String, String> WARM = Map.of(HostSettings.WARM_UP, "true");

    /** A setting: the host asks for no keys, as Core Tools and {@code mvn -Plocal} do not. */
    static final Map<String, String> WITHOUT_KEYS = Map.of(HostSettings.FUNCTION_KEY, "", HostSettings.MASTER_KEY, "");

    private static final String MASTER_KEY = UUID.randomUUID().toString();
    private static final Pattern OPEN = Pattern.compile(
            "/api/(analyst|health/(live|ready)|openapi\\.json|swagger\\.json|lookups/[^/]*|me/.*)(\\?.*)?");

    final FakeDefender defender;
    final FakeIdentity identity;
    final Path log;
    private final String storage;
    private final Map<String, String> environment;
    private final HttpClient http = HttpClient.newHttpClient();
    private HostProcess host;
    private Azurite azurite;
    private StorageProxy proxy;
    private KeylessStorage keyless;
    private FakeEntra entra;
    private boolean sharesAll;

    private RunningApp(String name, Azurite azurite, Map<String, String> settings) {
        this(name, azurite.connectionString(), settings);
        this.azurite = azurite;
    }

    private RunningApp(String name, String storage, Map<String, String> settings) {
        this(name, storage, FakeDefender.start(), FakeIdentity.startUserAssigned(), settings);
    }

    private RunningApp(
            String name, String storage, FakeDefender defender, FakeIdentity identity, Map<String, String> settings) {
        this.storage = storage;
        this.defender = defender;
        this.identity = identity;
        log = Path.of("target", "host-logs", name + ".log");
        environment = new HashMap<>(identity.environment());
        environment.put("AzureWebJobsStorage", storage);
        environment.put("DEFENDER_API_URL", defender.url().toString());
        environment.put(HostSettings.FUNCTION_KEY, KEY);
        environment.put(HostSettings.MASTER_KEY, MASTER_KEY);
        environment.putAll(settings);
    }

    /** @param name of the files that this app leaves behind */
    static RunningApp start(String name, Map<String, String> settings) {
        RunningApp app = new RunningApp(name, StorageAccount.unused(), settings);
        app.startHost();
        return app;
    }

    /** With a process of its own for the storage, which no other test keeps busy and {@link #azurite()} can stop. */
    static RunningApp startWithOwnStorage(String name, Map<String, String> settings) {
        Path data = Path.of("target", "azurite-data", name + "-" + UUID.randomUUID());
        RunningApp app = new RunningApp(name, Azurite.at(data), settings);
        app.startHost();
        return app;
    }

    /** The same, faster, with storage that forgets everything when it stops. */
    static RunningApp startInMemory(String name, Map<String, String> settings) {
        RunningApp app = new RunningApp(name, Azurite.inMemory(), settings);
        app.startHost();
        return app;
    }

    /** With storage that answers late. */
    static RunningApp startFarFromStorage(String name, Duration latency, Map<String, String> settings) {
        return startBehind(name, proxy -> proxy.treat(StorageFault.slow(latency)), settings);
    }

    /** With a table that never answers. */
    static RunningApp startWithHangingTable(String name, String table) {
        return startBehind(name, proxy -> proxy.treat(request -> request.contains(table), StorageFault.HANG), Map.of());
    }

    /** With storage behind a proxy. */
    static RunningApp startBehind(String name, Consumer<StorageProxy> trouble, Map<String, String> settings) {
        RunningApp app = new RunningApp(name, Azurite.inMemory(), settings);
        app.proxy = StorageProxy.before(app.azurite);
        trouble.accept(app.proxy);
        app.environment.put("AzureWebJobsStorage", app.proxy.connectionString());
        app.startHost();
        return app;
    }

    /**
     * One more host of this app, with its storage, its Defender and its identity, as the platform adds one. It is to be closed before this
     * app.
     *
     * @param settings in addition to those of this app
     */
    RunningApp another(String name, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(settings);
        RunningApp other = new RunningApp(name, storage, defender, identity, all);
        other.sharesAll = true;
        other.startHost();
        return other;
    }

    /** As {@code infra} deploys it: storage and Defender over TLS, by identity, and no key and no connection string in the settings. */
    static RunningApp startKeyless(String name) throws IOException, InterruptedException {
        return startKeyless(name, identity -> {});
    }

    /** The same, with an identity endpoint that is made ready first. */
    static RunningApp startKeyless(String name, Consumer<FakeIdentity> preparation)
            throws IOException, InterruptedException {
        FakeCertificate certificate = FakeCertificate.make(Path.of("target", "certificate", name));
        KeylessStorage keyless = KeylessStorage.start(certificate);
        FakeIdentity identity = FakeIdentity.startUserAssigned();
        RunningApp app =
                new RunningApp(name, "", FakeDefender.startTls(certificate), identity, keyless.environment(identity));
        app.keyless = keyless;
        preparation.accept(identity);
        app.startHost();
        return app;
    }

    /** With sign-in in front of it, and users who ask with their own rights. */
    static RunningApp startWithSignIn(String name, Map<String, String> settings)
            throws IOException, InterruptedException {
        FakeCertificate certificate = FakeCertificate.make(Path.of("target", "certificate", name));
        FakeEntra entra = FakeEntra.start(certificate);
        Map<String, String> all = new HashMap<>(entra.environment());
        all.put("JAVA_TOOL_OPTIONS", certificate.trust());
        all.putAll(settings);
        RunningApp app = new RunningApp(name, StorageAccount.unused(), all);
        app.entra = entra;
        app.startHost();
        return app;
    }

    /** What {@link #startWithSignIn} set up. */
    FakeEntra entra() {
        return entra;
    }

    /** With an identity endpoint that fails from the first moment on. */
    static RunningApp startWithoutIdentity(String name) {
        return startWith(name, Map.of(), identity -> identity.fail(400));
    }

    /** With an identity endpoint that is made ready first. */
    static RunningApp startWith(String name, Map<String, String> settings, Consumer<FakeIdentity> preparation) {
        RunningApp app = new RunningApp(name, StorageAccount.unused(), settings);
        preparation.accept(app.identity);
        app.startHost();
        return app;
    }

    /** Starts the host again. */
    void startHost() {
        host = HostProcess.start(environment, log);
    }

    /** What {@link #startBehind} set up. */
    StorageProxy proxy() {
        return proxy;
    }

    /** Crashes the host and starts another one. */
    void restartHost() {
        killHost();
        startHost();
    }

    void killHost() {
        host.kill();
    }

    /**
     * Ends the host in order, as the platform does with an instance that is no longer needed.
     *
     * @return the exit code: 143 of a host that ended on its own, 137 of one that took longer than 10 s
     */
    int endHost() {
        host.close();
        return host.onEnd().join().exitValue();
    }

    /** Whether a request to storage writes an answer to the cache. */
    static boolean isCacheWrite(String request) {
        return request.startsWith("PUT ") && request.contains(Names.LOOKUPS_TABLE) && request.contains("answers-");
    }

    /** Waits until the answer for an alert is in the table: its caller gets it sooner. */
    void awaitCached(String alertId) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        TableAnswerCache answers = answers();
        while (!isIn(answers, alertId)) {
            awaitMore(end, "no cached answer for " + alertId);
        }
    }

    /** Whether the answer for an alert is in the table, where other hosts find it. */
    boolean isCached(String alertId) {
        return isIn(answers(), alertId);
    }

    private TableAnswerCache answers() {
        return new TableAnswerCache(
                tableBuilder(Names.LOOKUPS_TABLE), settings().lookupsKey(), InstantSource.system());
    }

    private static boolean isIn(TableAnswerCache answers, String alertId) {
        return answers.find(new AlertId(alertId), Instant.now().minus(Duration.ofHours(1)))
                .isPresent();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** The storage of {@link #startWithOwnStorage}. */
    Azurite azurite() {
        return azurite;
    }

    /** The connection string of the storage. */
    String storage() {
        return storage;
    }

    /** Method and target of each request to the storage, of an app that was started behind a proxy. */
    List<String> storageRequests() {
        return proxy.requests();
    }

    /** The process of the host, which is that of the functions, too. */
    long pid() {
        return host.pid();
    }

    URI baseUri() {
        return host.baseUri();
    }

    /** @param headers names and values by turns */
    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, HttpRequest.BodyPublishers.noBody(), headers);
    }

    HttpResponse<String> head(String path, String... headers) throws IOException, InterruptedException {
        return send("HEAD", path, HttpRequest.BodyPublishers.noBody(), headers);
    }

    HttpResponse<String> post(String path, String body, String... headers) throws IOException, InterruptedException {
        return send("POST", path, HttpRequest.BodyPublishers.ofString(body), headers);
    }

    HttpResponse<String> options(String path, String... headers) throws IOException, InterruptedException {
        return send("OPTIONS", path, HttpRequest.BodyPublishers.noBody(), headers);
    }

    private HttpResponse<String> send(String method, String path, HttpRequest.BodyPublisher body, String... headers)
            throws IOException, InterruptedException {
        HttpResponse<String> response = sendUnchecked(method, path, body, headers);
        if (path.startsWith("/api/") && !method.equals("HEAD")) {
            CONTRACT.check(method, path, response);
        }
        return response;
    }

    /** What the platform answers in place of the app, of which the app's document says nothing. */
    HttpResponse<String> getAnswerOfThePlatform(String path, String... headers)
            throws IOException, InterruptedException {
        return sendUnchecked("GET", path, HttpRequest.BodyPublishers.noBody(), headers);
    }

    private HttpResponse<String> sendUnchecked(
            String method, String path, HttpRequest.BodyPublisher body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(path)))
                .method(method, body)
                .timeout(Duration.ofMinutes(2));
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (!OPEN.matcher(path).matches()) {
            request.setHeader("x-functions-key", path.startsWith("/admin/") ? MASTER_KEY : KEY);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Follows the {@code Location} of an answer, at this host whatever the name in it. */
    HttpResponse<String> comeBack(HttpResponse<String> pending, String query) throws IOException, InterruptedException {
        URI location = URI.create(pending.headers()
                .firstValue("Location")
                .orElseThrow(() -> new AssertionError("no Location: " + pending.statusCode() + " " + pending.body())));
        return get(location.getPath() + query);
    }

    /** Comes back at the times that the answers name, until there is another answer than {@code 202}. */
    HttpResponse<String> comeBackUntilSettled(HttpResponse<String> first, Duration patience)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        HttpResponse<String> response = first;
        while (response.statusCode() == 202) {
            assertThat(System.nanoTime()).as("still pending after %s", patience).isLessThan(end);
            Thread.sleep(
                    1000 * response.headers().firstValueAsLong("Retry-After").orElseThrow());
            response = comeBack(response, "");
        }
        return response;
    }

    /** How often Defender was asked for an alert. */
    long callsFor(String alertId) {
        return defender.received().stream()
                .filter(received -> received.alertId().equals(alertId))
                .count();
    }

    /** What the host is given, and with it the functions. */
    Map<String, String> environment() {
        return environment;
    }

    Settings settings() {
        return Settings.from(environment);
    }

    TableClient table(String name) {
        return tableBuilder(name).buildClient();
    }

    TableClientBuilder tableBuilder(String name) {
        TableClientBuilder builder =
                keyless == null ? new TableClientBuilder().connectionString(storage) : keyless.tables();
        return builder.tableName(name);
    }

    String url(String path) {
        return host.baseUri() + path;
    }

    HttpResponse<String> user(String alertId, String... headers) throws IOException, InterruptedException {
        return get("/api/alerts/" + alertId + "/user", headers);
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    QueueClient queue(String name) {
        return builder(name).messageEncoding(QueueMessageEncoding.BASE64).buildClient();
    }

    /** The same without Base64. */
    QueueClient rawQueue(String name) {
        return builder(name).messageEncoding(QueueMessageEncoding.NONE).buildClient();
    }

    private QueueClientBuilder builder(String name) {
        QueueClientBuilder builder =
                keyless == null ? new QueueClientBuilder().connectionString(storage) : keyless.queues();
        return builder.queueName(name);
    }

    void enqueue(String text) {
        QueueClient requests = queue(Names.REQUESTS_QUEUE);
        requests.createIfNotExists();
        requests.sendMessage(text);
    }

    /** Receives that many results from their queue, in the order of arrival. */
    List<JsonNode> awaitResults(int count, Duration patience) throws IOException, InterruptedException {
        List<JsonNode> taken = new ArrayList<>();
        long end = System.nanoTime() + patience.toNanos();
        while (taken.size() < count) {
            List<JsonNode> more = takeResults(32);
            taken.addAll(more);
            if (more.isEmpty()) {
                awaitMore(end, taken.size() + " of " + count + " results within " + patience + ": " + taken);
            }
        }
        return taken;
    }

    /** Receives the result of the request that holds this text. Whatever a test before has left behind is dropped. */
    JsonNode awaitResultOf(String marker) throws IOException, InterruptedException {
        Duration patience = Duration.ofSeconds(60);
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            List<JsonNode> results = takeResults(1);
            for (JsonNode result : results) {
                if (result.toString().contains(marker)) {
                    return result;
                }
            }
            if (results.isEmpty()) {
                awaitMore(end, "no result of " + marker + " within " + patience);
            }
        }
    }

    private List<JsonNode> takeResults(int atMost) throws IOException {
        QueueClient results = queue(Names.RESULTS_QUEUE);
        results.createIfNotExists();
        List<JsonNode> taken = new ArrayList<>();
        for (QueueMessageItem message : results.receiveMessages(atMost)) {
            taken.add(JSON.readTree(message.getBody().toString()));
            results.deleteMessage(message.getMessageId(), message.getPopReceipt());
        }
        return taken;
    }

    private static void awaitMore(long end, String missing) throws InterruptedException {
        if (System.nanoTime() > end) {
            throw new AssertionError(missing);
        }
        Thread.sleep(100);
    }

    /** How many messages a queue holds, those that nobody sees yet too. */
    long messages(String queue) {
        QueueClient client = queue(queue);
        client.createIfNotExists();
        return client.getProperties().getApproximateMessagesCountLong();
    }

    /** Waits until the poison queue holds nothing, which is a moment after the result was sent. */
    void awaitNoPoison() throws InterruptedException {
        for (int i = 0; i < 100 && messages(Names.POISON_QUEUE) > 0; i++) {
            Thread.sleep(100);
        }
        assertThat(messages(Names.POISON_QUEUE)).as("poison").isZero();
    }

    @Override
    public void close() {
        host.close();
        if (sharesAll) {
            return;
        }
        if (proxy != null) {
            proxy.close();
        }
        if (azurite != null) {
            azurite.close();
        }
        if (keyless != null) {
            keyless.close();
        }
        if (entra != null) {
            entra.close();
        }
        defender.close();
        identity.close();
    }
}
