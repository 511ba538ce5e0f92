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
        app = RunningApp.startWithOwnStorage("readme", Map.of("GRAPH_CLIENT_STATE", "agreed"));
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
            assertThat(Files.readString(output)).isNotBlank();
        } finally {
            bash.destroyForcibly();
            Files.delete(output);
        }
    }
}
