package dev.alertuser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.localkit.fake.FakeDefenderAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples for callers in the README, run as they stand there. */
class CallersReadmeIT {
    private static final Pattern SECTION = Pattern.compile("(?ms)^## Callers$(.*?)(?=^## |\\z)");
    private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```bash\n(.*?)^```$");
    private static final String LOCAL = "http://localhost:7071";
    private static RunningApp app;

    @BeforeAll
    static void start() {
        app = RunningApp.start("readme", Map.of("GRAPH_CLIENT_STATE", "agreed"));
        // So that the example which comes back for its answer has to.
        app.defender.answerNextFor("da637472900382838869_1364969609", FakeDefenderAnswer.throttledInText(7));
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    static List<String> examples() throws IOException {
        Matcher section = SECTION.matcher(Files.readString(Path.of("README.md")));
        assertThat(section.find()).as("README.md has a section Callers").isTrue();
        List<String> examples = new ArrayList<>();
        EXAMPLE.matcher(section.group(1)).results().forEach(example -> examples.add(example.group(1)));
        return examples;
    }

    @Test
    void coverEachWayIn() throws Exception {
        assertThat(String.join("", examples()))
                .contains("/user", "?mode=async", "/alerts/users", "/webhooks/alerts", "OPTIONS", "validationToken");
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
