package dev.alertuser.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.docs.MarkdownDocument;
import dev.alertuser.localkit.SendRequest;
import dev.alertuser.localkit.fake.FakeDefenderAnswer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples for callers in the documents, run as they stand there. */
class CallersReadmeIT {
    private static final String LOCAL = "http://localhost:7071";
    private static RunningApp app;

    @BeforeAll
    static void start() {
        Map<String, String> settings = new HashMap<>(RunningApp.WITHOUT_KEYS);
        settings.put("GRAPH_CLIENT_STATE", "agreed");
        app = RunningApp.startWithOwnStorage("readme", settings);
        // So that the example which comes back for its answer has to.
        app.defender.answerNextFor("da637472900382838869_1364969609", FakeDefenderAnswer.throttledInText(7));
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    /** Those of the Azure CLI need Azure; {@link #sendsARequestThroughTheQueue} runs the one that starts Maven. */
    static List<String> examples() {
        return Stream.of(MarkdownDocument.CALLERS, MarkdownDocument.README.section("Callers"))
                .flatMap(document -> document.commands().stream())
                .filter(example -> !example.startsWith("az ") && !example.startsWith("mvn "))
                .toList();
    }

    @Test
    void coverEachWayIn() {
        assertThat(String.join("", examples()))
                .contains("/user", "?mode=async", "/alerts/users", "/webhooks/alerts", "OPTIONS", "validationToken");
    }

    @Test
    void sendsARequestThroughTheQueue() throws Exception {
        String program = "mvn -q -Plocal -Dexec.mainClass=" + SendRequest.class.getName() + " -Dexec.args=";
        String command = MarkdownDocument.CALLERS.commands().stream()
                .filter(example -> example.startsWith(program))
                .findFirst()
                .orElseThrow();
        ByteArrayOutputStream output = new ByteArrayOutputStream();

        assertThat(SendRequest.send(
                        command.substring(program.length()).strip(),
                        app.azurite().ports(),
                        new PrintStream(output, true, UTF_8)))
                .isTrue();
        assertThat(output.toString(UTF_8)).contains("\"outcome\":\"found\"");
    }

    /** Plain {@code -f} would hide it. */
    @Test
    void showTheErrorOfTheApp() {
        assertThat(String.join("", examples()).replace("curl --fail-with-body -sS ", ""))
                .doesNotContain("curl");
    }

    /** What the text around an example says that comes back, by a part of the example. The first that fits counts. */
    private static final Map<String, String> PROMISES = promises();

    private static Map<String, String> promises() {
        String queued = "\"accepted\":\\[\"636688558380765161_2136280442\"]";
        Map<String, String> promises = new LinkedHashMap<>();
        promises.put("SubscriptionValidationEvent", "\\{\"validationResponse\":\"512d38b6\"}");
        promises.put("validationToken=Validation%3A%20Testing", "Validation: Testing");
        promises.put(
                "WebHook-Request-Origin: events.example.com",
                "HTTP/1.1 200(?s).*(?i)webhook-allowed-origin: events.example.com");
        promises.put("/webhooks/alerts", queued);
        promises.put("x-ms-client-request-id: run-0815", "HTTP/1.1 200(?s).*(?i)x-ms-client-request-id: run-0815");
        promises.put("while grep", "HTTP/1.1 200(?s).*\"accountName\":\"user\\d+\"");
        promises.put("objectSchemaType", "\"alerts\":1,\"found\":1,(?s).*\"skipped\":1,(?s).*\"alertId\":\"aa1\"");
        promises.put("/alerts/users", "\"outcome\":\"found\"(?s).*\"accounts\":\\[\\{\"Type\":\"account\"");
        promises.put("/alerts/636688558380765161_2136280442/user", "\"accountName\":\"user1\"");
        return promises;
    }

    private static String promised(String example) {
        return PROMISES.entrySet().stream()
                .filter(promise -> example.contains(promise.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError("what comes back is not said here: " + example));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void run(String example) throws Exception {
        assertThat(example).contains(LOCAL);
        Path output = Files.createTempFile("example", ".txt");
        Process bash = new ProcessBuilder(
                        "bash",
                        "-euo",
                        "pipefail",
                        "-c",
                        example.replace(LOCAL, app.baseUri().toString()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(bash.waitFor(60, TimeUnit.SECONDS))
                    .as("ends: %s", example)
                    .isTrue();
            assertThat(bash.exitValue())
                    .as("exit code of %s\n%s", example, Files.readString(output))
                    .isZero();
            assertThat(Files.readString(output)).containsPattern(promised(example));
            if (example.contains("while grep")) {
                assertThat(app.callsFor("da637472900382838869_1364969609"))
                        .as("calls for one that had to come back")
                        .isEqualTo(2);
            }
        } finally {
            bash.destroyForcibly();
            Files.delete(output);
        }
    }
}
