package dev.alertuser.localkit.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.alertuser.localkit.host.httpsamples.HttpSamples;
import dev.alertuser.localkit.host.settings.HostSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalHostTest {
    private static final String SAMPLES = HttpSamples.class.getPackageName();

    /** Held so that its level is: failures that are meant to be are not worth a page of stack traces. */
    private static final Logger HOST_LOG = Logger.getLogger("host");

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private LocalHost host;

    @BeforeAll
    static void silenceHost() {
        HOST_LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void unsilenceHost() {
        HOST_LOG.setLevel(null);
    }

    @BeforeEach
    void startHost() throws IOException {
        Files.writeString(directory.resolve("host.json"), "{\"version\": \"2.0\"}");
        host = LocalHost.start(settings(), SAMPLES, 0);
    }

    @AfterEach
    void closeHost() {
        host.close();
    }

    private HostSettings settings() {
        return settings(Map.of());
    }

    private HostSettings settings(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("PART", "part");
        environment.put("AzureWebJobs.Bytes.Disabled", "false");
        environment.put("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "1000");
        return HostSettings.read(directory, environment);
    }

    private void restartHost(Map<String, String> more) throws IOException {
        host.close();
        host = LocalHost.start(settings(more), SAMPLES, 0);
    }

    @Test
    void bindsTheRequest() throws Exception {
        JsonNode seen = json(send(request("/api/echo/a%20b%2Fc%2541/x?one=1&two=a+b&two=c%26d&none=&flag")
                .header("X-Some-Header", "Some Value")
                .POST(BodyPublishers.ofString("{\"a\": 1}"))));

        assertThat(seen.path("name").asText()).isEqualTo("a b%2Fc%41");
        assertThat(seen.path("part").asText()).isEqualTo("x");
        assertThat(seen.path("body").asText()).isEqualTo("{\"a\": 1}");
        assertThat(seen.path("method").asText()).isEqualTo("POST");
        assertThat(seen.path("query"))
                .isEqualTo(JsonMapper.builder().build().readTree("{\"one\": \"1\", \"two\": \"a b,c&d\"}"));
        assertThat(seen.path("headers").path("x-some-header").asText()).isEqualTo("Some Value");
        assertThat(seen.path("uri").asText())
                .isEqualTo("http://localhost:" + host.port()
                        + "/api/echo/a%20b%2Fc%2541/x?one=1&two=a+b&two=c%26d&none=&flag");
    }

    @Test
    void refusesABodyOverTheLimitAndServesOn() throws Exception {
        assertThat(send(post("a".repeat(1000))).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = send(post("a".repeat(1001)));
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.body()).isEmpty();
        assertThat(send(post("a")).statusCode()).isEqualTo(200);
    }

    private HttpRequest.Builder post(String body) {
        return request("/api/echo/a/b").POST(BodyPublishers.ofString(body));
    }

    @Test
    void givesEachCallItsOwnInstanceAndContext() throws Exception {
        JsonNode one = json(send(request("/api/echo/a/b")));
        JsonNode other = json(send(request("/api/echo/a/b")));

        assertThat(one.path("function").asText()).isEqualTo("Echo");
        assertThat(one.path("invocation").asText())
                .matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
                .isNotEqualTo(other.path("invocation").asText());
        assertThat(one.path("instance")).isNotEqualTo(other.path("instance"));
        assertThat(one.path("retried").asBoolean()).isFalse();
        assertThat(one.path("body").isNull()).isTrue();
    }

    @Test
    void continuesTheTraceOfTheCaller() throws Exception {
        JsonNode seen = json(send(request("/api/echo/a/b")
                .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")));

        assertThat(seen.path("traceparent").asText())
                .matches("00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01")
                .doesNotContain("b7ad6b7169203331");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "00-00000000000000000000000000000000-b7ad6b7169203331-01"})
    void beginsATraceWhereTheCallerHasNone(String traceparent) throws Exception {
        JsonNode seen = json(send(request("/api/echo/a/b").header("traceparent", traceparent)));

        assertThat(seen.path("traceparent").asText()).matches("00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-01");
    }

    @Test
    void dropsABodyWithoutALength() throws Exception {
        JsonNode seen = json(send(request("/api/echo/a/b")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[] {'x'})))));

        assertThat(seen.path("headers").path("transfer-encoding").asText()).isEqualTo("chunked");
        assertThat(seen.path("body").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/octet-stream", "multipart/form-data; boundary=x"})
    void answers500ToABodyThatThePlatformTakesForBytes(String type) throws Exception {
        HttpResponse<String> response =
                send(request("/api/echo/a/b").header("Content-Type", type).POST(BodyPublishers.ofString("x")));

        assertThat(response.statusCode()).isEqualTo(500);
    }

    @Test
    void prefersTheMoreLiteralRoute() throws Exception {
        HttpResponse<String> response = send(request("/api/ECHO/fixed/text/"));

        assertThat(response.statusCode()).isEqualTo(299);
        assertThat(response.body()).isEqualTo("grüße");
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
    }

    @Test
    void answersHeadWithTheHeadersOfGetAndNoBody() throws Exception {
        HttpResponse<String> get = send(request("/api/echo/fixed/text"));
        HttpResponse<String> head = send(head("/api/echo/fixed/text"));

        assertThat(head.statusCode()).isEqualTo(299);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("Content-Length")).hasValue("7");
        assertThat(withoutDate(head)).isEqualTo(withoutDate(get));
    }

    @Test
    void answersHeadOnlyWhereTheFunctionTakesIt() throws Exception {
        assertThat(send(head("/api/empty")).statusCode()).isEqualTo(404);
    }

    private HttpRequest.Builder head(String path) {
        return request(path).method("HEAD", BodyPublishers.noBody());
    }

    private static Map<String, List<String>> withoutDate(HttpResponse<String> response) {
        Map<String, List<String>> headers = new HashMap<>(response.headers().map());
        headers.keySet().removeIf("date"::equalsIgnoreCase);
        return headers;
    }

    @Test
    void answersBytesAsTheyAre() throws Exception {
        HttpResponse<byte[]> response =
                client.send(request("/api/bytes").DELETE().build(), BodyHandlers.ofByteArray());

        assertThat(response.body()).containsExactly(0, 1, 2);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
    }

    @Test
    void answersWithoutABody() throws Exception {
        HttpResponse<String> response = send(request("/api/empty"));

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers().firstValue("Location")).hasValue("/somewhere");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api", "/api/nothing", "/echo/a/b", "/api/echo//b", "/api/echo/a/b/c", "/api/warmup"})
    void answers404ToAPathThatNoFunctionHas(String path) throws Exception {
        assertThat(send(request(path)).statusCode()).isEqualTo(404);
    }

    @Test
    void answers404ToAMethodThatTheFunctionDoesNotTake() throws Exception {
        assertThat(send(request("/api/echo/a/b").DELETE()).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/failing", "/api/unbound"})
    void answers500WithoutABodyToAnException(String path) throws Exception {
        HttpResponse<String> response = send(request(path));

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void takesMetadataFromTheQueryToo() throws Exception {
        assertThat(send(request("/api/unbound?filter=all")).body()).isEqualTo("all");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/broken", "/api/hanging"})
    void answers500WhenACallOutlastsItsFunctionTimeout(String path) throws Exception {
        restartHost(Map.of("AzureFunctionsJobHost__functionTimeout", "00:00:00.3"));

        HttpResponse<String> response = send(request(path));

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void theEndOfTheWorkerFailsTheCallsBesideIt() throws Exception {
        restartHost(Map.of("AzureFunctionsJobHost__functionTimeout", "00:00:00.5"));
        List<String> lines = new CopyOnWriteArrayList<>();
        Handler handler = recording(lines);
        HOST_LOG.setUseParentHandlers(false);
        HOST_LOG.addHandler(handler);
        HOST_LOG.setLevel(Level.SEVERE);
        try {
            CompletableFuture<HttpResponse<String>> first =
                    client.sendAsync(request("/api/hanging").build(), BodyHandlers.ofString());
            CompletableFuture<HttpResponse<String>> second =
                    client.sendAsync(request("/api/hanging").build(), BodyHandlers.ofString());

            assertThat(first.join().statusCode()).isEqualTo(500);
            assertThat(second.join().statusCode()).isEqualTo(500);
        } finally {
            HOST_LOG.removeHandler(handler);
            HOST_LOG.setUseParentHandlers(true);
            HOST_LOG.setLevel(Level.OFF);
        }
        assertThat(lines.stream().filter(line -> line.contains("the worker ends")))
                .as("one end for both")
                .hasSize(1);
    }

    private static Handler recording(List<String> lines) {
        return new Handler() {
            @Override
            public void publish(LogRecord record) {
                lines.add(record.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    @Test
    void answers504WhenACallOutlastsTheLoadBalancerAndLetsItRunOn() throws Exception {
        restartHost(Map.of(HostSettings.HTTP_TIMEOUT, "PT0.2S"));

        HttpResponse<String> response = send(request("/api/hanging"));

        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(response.body()).isEmpty();
        HttpSamples.END.release();
        assertThat(HttpSamples.ENDED.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"caf%C3%A9, 500", "a%0Db, 500", "a%7Fb, 500", "~ plain, 200"})
    void answers500ToAHeaderThatIsNotAscii(String value, int status) throws Exception {
        assertThat(send(request("/api/header?value=" + value.replace(" ", "%20")))
                        .statusCode())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/header?value=a, , 200",
        "/api/header?value=a, wrong, 200",
        "/api/empty, , 401",
        "/api/empty, wrong, 401",
        "/api/empty, fk, 202",
        "/api/empty, mk, 202",
        "/api/empty?code=fk, , 202",
        "/api/empty?code=fk, wrong, 401",
        "/api/mastered, fk, 401",
        "/api/mastered, mk, 200",
        "/api/nothing, , 404"
    })
    void asksForKeysWhenItHasSome(String path, String key, int status) throws Exception {
        restartHost(Map.of(HostSettings.FUNCTION_KEY, "fk", HostSettings.MASTER_KEY, "mk"));

        HttpRequest.Builder request = request(path);
        HttpResponse<String> response = send(key == null ? request : request.header("x-functions-key", key));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"fk, 401", "mk, 404"})
    void theAdminEndpointWantsTheMasterKey(String key, int status) throws Exception {
        restartHost(Map.of(HostSettings.FUNCTION_KEY, "fk", HostSettings.MASTER_KEY, "mk"));

        assertThat(send(request("/admin/functions/nothing")
                                .header("x-functions-key", key)
                                .POST(BodyPublishers.ofString("{}")))
                        .statusCode())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/empty", "/api/mastered"})
    void asksForNoKeysWhenItHasNone(String path) throws Exception {
        assertThat(send(request(path)).statusCode()).isBetween(200, 299);
    }

    @Test
    void doesNotServeDisabledFunctions() throws Exception {
        HostSettings disabled =
                HostSettings.read(directory, Map.of("PART", "part", "AzureWebJobs.Empty.Disabled", "true"));
        try (LocalHost other = LocalHost.start(disabled, SAMPLES, 0)) {
            URI uri = URI.create("http://localhost:" + other.port() + "/api/empty");

            assertThat(send(HttpRequest.newBuilder(uri)).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void doesNotStartOnAPortThatIsTaken() {
        assertThatThrownBy(() -> LocalHost.start(settings(), SAMPLES, host.port()))
                .isInstanceOf(BindException.class);
    }

    @Test
    void doesNotStartWithoutFunctions() {
        assertThatThrownBy(() -> LocalHost.start(settings(), "no.such.functions", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no compiled function in package no.such.functions on the class path;"
                        + " 'mvn test-compile' makes them");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + host.port() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        assertThat(response.statusCode()).isEqualTo(200);
        return JsonMapper.builder().build().readTree(response.body());
    }
}
