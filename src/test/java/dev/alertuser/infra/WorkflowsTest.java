package dev.alertuser.infra;

import static dev.alertuser.infra.Repository.files;
import static dev.alertuser.infra.Repository.find;
import static dev.alertuser.infra.Repository.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The GitHub workflows take no code that can change under them, and no secret. */
class WorkflowsTest {

    static List<Path> workflows() {
        return files(Path.of(".github/workflows"), ".yml");
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void pinsEveryActionByCommitWithItsVersionBeside(Path workflow) {
        assertThat(find("uses: (.*)$", text(workflow)))
                .isNotEmpty()
                .allMatch(use -> use.matches("[\\w-]+/[\\w-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+"));
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void signsInWithoutASecret(Path workflow) {
        assertThat(text(workflow)).doesNotContain("secrets.");
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void startsFromReadingRights(Path workflow) {
        assertThat(text(workflow)).contains("\npermissions:\n  contents: read\n");
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void pastesNoExpressionIntoAScript(Path workflow) {
        String scripts = text(workflow).replaceAll("(?m)^ +(?!run:)[A-Za-z_-]+: .*\\$\\{\\{.*$", "");

        assertThat(find("(\\$\\{\\{.*)", scripts)).isEmpty();
    }

    @Test
    void verifiesOnEveryJavaThatIsSupported() {
        assertThat(text(Path.of(".github/workflows/verify.yml"))).contains("java: [17, 21, 25]");
    }

    @Test
    void dependabotLeavesTheOddPinsAlone() {
        assertThat(find("dependency-name: (\\S+)", text(Path.of(".github/dependabot.yml"))))
                .containsExactlyInAnyOrder(
                        "com.microsoft.azure:azure-functions-maven-plugin",
                        "com.azure:azure-sdk-bom",
                        "org.assertj:assertj-core",
                        "com.google.errorprone:error_prone_core");
    }
}
