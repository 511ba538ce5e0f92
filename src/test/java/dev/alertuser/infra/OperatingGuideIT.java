package dev.alertuser.infra;

import static dev.alertuser.infra.LoudAssumption.assumeLoudly;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.docs.MarkdownDocument;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands of the documents: each is read by the shell, and those run that need nothing of Azure but a queue. */
class OperatingGuideIT {
    /** The part of the Azure CLI that the documents use with queues: it prints what was received, and writes down what was sent and how. */
    private static final String AZ = """
            #!/usr/bin/env bash
            set -euo pipefail
            case "$1 $2 $3" in
              'storage message get')
                [[ "$*" == *'--auth-mode login'*'--queue-name alert-user-results'* ]] || { echo "az: unexpected: $*" >&2; exit 2; }
                cat "$FAKE_RESULTS" ;;
              'storage message put')
                [[ "$*" == *'--auth-mode login'*'--queue-name alert-user-requests'* ]] || { echo "az: unexpected: $*" >&2; exit 2; }
                while [[ $1 != --content ]]; do shift; done
                printf '%s\\n' "$2" >> "$FAKE_REQUESTS" ;;
              *) echo "az: unexpected: $*" >&2; exit 2 ;;
            esac
            """;

    @TempDir
    private Path directory;

    private Path results;
    private Path requests;

    @BeforeEach
    void makeFakeAz() throws Exception {
        for (String program : List.of("bash", "base64", "jq")) {
            assumeLoudly(Command.onPath(program).isPresent(), "the documents' commands, for want of " + program);
        }
        Path az = Files.writeString(directory.resolve("az"), AZ);
        assertThat(az.toFile().setExecutable(true)).isTrue();
        results = Files.createFile(directory.resolve("results"));
        requests = Files.createFile(directory.resolve("requests"));
    }

    static Stream<String> commands() {
        return MarkdownDocument.all().stream().flatMap(document -> document.commands().stream());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandIsReadByTheShell(String command) throws Exception {
        Command.Outcome outcome = Command.run(List.of("bash", "-n", "-c", command), Map.of());

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void redriveSendsEachFailedRequestOnce() throws Exception {
        Files.write(
                results,
                List.of(
                        result("{\"alertId\":\"da2\",\"outcome\":\"failed\"}"),
                        result("{\"alertId\":\"da1\",\"outcome\":\"found\",\"user\":{\"accountName\":\"jane\"}}"),
                        result("{\"alertId\":\"da3\",\"outcome\":\"failed\"}"),
                        result("{\"alertId\":\"da2\",\"outcome\":\"failed\"}")));

        run(commandThatBegins(MarkdownDocument.OPERATION, "az storage message get"));

        assertThat(requests).hasContent("""
                {"alertId":"da2"}
                {"alertId":"da3"}
                """);
    }

    @Test
    void callersSendARequest() throws Exception {
        run(commandThatBegins(MarkdownDocument.CALLERS, "az storage message put"));

        assertThat(requests)
                .hasContent("{\"alertId\": \"636688558380765161_2136280442\", \"correlationId\": \"run-0815\"}");
    }

    private static String commandThatBegins(MarkdownDocument document, String beginning) {
        List<String> found = document.commands().stream()
                .filter(command -> command.startsWith(beginning))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static String result(String json) {
        return Base64.getEncoder().encodeToString(json.getBytes(UTF_8));
    }

    private void run(String command) throws Exception {
        Command.Outcome outcome = Command.run(
                List.of("bash", "-euo", "pipefail", "-c", command),
                Map.of(
                        "PATH", directory + File.pathSeparator + System.getenv("PATH"),
                        "FAKE_RESULTS", results.toString(),
                        "FAKE_REQUESTS", requests.toString()));

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
    }
}
