package dev.alertuser.infra;

import static dev.alertuser.infra.LoudAssumption.assumeLoudly;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.docs.MarkdownDocument;
import java.io.File;
import java.io.IOException;
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
    /**
     * The part of the Azure CLI that the documents use with queues. Each receipt prints the next file of the queue's directory, and every
     * sending and deleting is written down, with the queue.
     */
    private static final String AZ = """
            #!/usr/bin/env bash
            set -euo pipefail
            command="$1 $2 $3"
            shift 3
            output=json
            while (($#)); do
              case $1 in
                --auth-mode) [[ $2 == login ]] ;;
                --account-name) [[ $2 == ACCOUNT ]] ;;
                --queue-name) queue=$2 ;;
                --content) content=$2 ;;
                --content=*) content=${1#*=}; set -- "$1" "$@" ;;
                --id) id=$2 ;;
                --pop-receipt) receipt=$2 ;;
                --output) output=$2 ;;
                --query) [[ $2 == '[].content' ]] ;;
                --num-messages | --visibility-timeout) ;;
                *) echo "az: unexpected: $1" >&2; exit 2 ;;
              esac
              shift 2
            done
            case $command in
              'storage message get')
                next=$(find "$FAKE/$queue" -type f | sort | head -n 1)
                if [[ -n $next ]]; then cat "$next"; rm "$next"; elif [[ $output == json ]]; then echo '[]'; fi ;;
              'storage message put')
                [[ $content != "${REFUSED:-}" ]] || { echo 'ERROR: AuthorizationPermissionMismatch' >&2; exit 1; }
                printf '%s <- %s\\n' "$queue" "$content" >> "$FAKE/log" ;;
              'storage message delete') printf '%s -> %s %s\\n' "$queue" "$id" "$receipt" >> "$FAKE/log" ;;
              *) echo "az: unexpected: $command" >&2; exit 2 ;;
            esac
            """;

    @TempDir
    private Path directory;

    private Path log;

    @BeforeEach
    void makeFakeAz() throws Exception {
        for (String program : List.of("bash", "base64", "jq")) {
            assumeLoudly(Command.onPath(program).isPresent(), "the documents' commands, for want of " + program);
        }
        Path az = Files.writeString(directory.resolve("az"), AZ);
        assertThat(az.toFile().setExecutable(true)).isTrue();
        log = Files.createFile(directory.resolve("log"));
        for (String queue : NamesTest.QUEUES) {
            Files.createDirectory(directory.resolve(queue));
        }
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
    void redriveOfResultsSendsEachFailedRequestOnce() throws Exception {
        receives(
                "alert-user-results",
                1,
                result("{\"alertId\":\"da2\",\"outcome\":\"failed\"}")
                        + result("{\"alertId\":\"da1\",\"outcome\":\"found\",\"user\":{\"accountName\":\"jane\"}}")
                        + result("{\"alertId\":\"da3\",\"outcome\":\"failed\"}"));
        receives(
                "alert-user-results",
                2,
                result("{\"outcome\":\"failed\",\"originalMessage\":\"?\"}")
                        + result("{\"alertId\":\"da2\",\"outcome\":\"failed\"}"));

        run(redrive("alert-user-results"), "");

        assertThat(log).hasContent("""
                alert-user-requests <- {"alertId":"da2"}
                alert-user-requests <- {"alertId":"da3"}
                """);
    }

    @Test
    void redriveOfThePoisonQueueMovesEachMessageUnchanged() throws Exception {
        receives("alert-user-requests-poison", 1, """
                [{"content": "eyJhbGVydElkIjoiZGExIn0=", "id": "m1", "popReceipt": "r+1=="},
                 {"content": "-- {\\"a\\":\\n\\t'b'}  * \\\\", "id": "m2", "popReceipt": "r2"}]
                """);
        receives("alert-user-requests-poison", 2, """
                [{"content": "da3", "id": "m3", "popReceipt": "r3"}]
                """);

        run(redrive("alert-user-requests-poison"), "");

        assertThat(log).hasContent("""
                alert-user-requests <- eyJhbGVydElkIjoiZGExIn0=
                alert-user-requests-poison -> m1 r+1==
                alert-user-requests <- -- {"a":
                \t'b'}  * \\
                alert-user-requests-poison -> m2 r2
                alert-user-requests <- da3
                alert-user-requests-poison -> m3 r3
                """);
    }

    @Test
    void redriveOfThePoisonQueueDeletesNothingThatCouldNotBeSent() throws Exception {
        receives("alert-user-requests-poison", 1, """
                [{"content": "da1", "id": "m1", "popReceipt": "r1"}, {"content": "da2", "id": "m2", "popReceipt": "r2"}]
                """);

        run(redrive("alert-user-requests-poison"), "da1");

        assertThat(log).hasContent("""
                alert-user-requests <- da2
                alert-user-requests-poison -> m2 r2
                """);
    }

    @Test
    void callersSendARequest() throws Exception {
        run(commandThatContains(MarkdownDocument.CALLERS, "az storage message put"), "");

        assertThat(log)
                .hasContent("alert-user-requests <- "
                        + "{\"alertId\": \"636688558380765161_2136280442\", \"correlationId\": \"run-0815\"}");
    }

    private static String redrive(String queue) {
        return commandThatContains(
                MarkdownDocument.OPERATION.section("Redrive"), "--queue-name " + queue + " --num-messages");
    }

    private static String commandThatContains(MarkdownDocument document, String part) {
        List<String> found = document.commands().stream()
                .filter(command -> command.replaceAll("\\s*\\\\\n\\s*", " ").contains(part))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private void receives(String queue, int batch, String printed) throws IOException {
        Files.writeString(directory.resolve(queue).resolve("batch-" + batch), printed);
    }

    private static String result(String json) {
        return Base64.getEncoder().encodeToString(json.getBytes(UTF_8)) + "\n";
    }

    private void run(String command, String refused) throws Exception {
        Command.Outcome outcome = Command.run(
                List.of("bash", "-uo", "pipefail", "-c", command),
                Map.of(
                        "PATH",
                        directory + File.pathSeparator + System.getenv("PATH"),
                        "FAKE",
                        directory.toString(),
                        "REFUSED",
                        refused));

        assertThat(outcome.err()).isEqualTo(refused.isEmpty() ? "" : "ERROR: AuthorizationPermissionMismatch\n");
    }
}
