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
import org.junit.jupiter.params.provider.ValueSource;

/** The GitHub workflows take no code that can change under them, and no secret. */
class WorkflowsTest {
    private static final Path DEPENDENCIES = Path.of(".github/workflows/dependencies.yml");
    private static final Path DEPENDABOT = Path.of(".github/dependabot.yml");

    static List<Path> workflows() {
        return files(Path.of(".github/workflows"), ".yml");
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void pinsEveryActionByCommitWithItsVersionBeside(Path workflow) {
        assertThat(find("uses: (.*)$", text(workflow)))
                .isNotEmpty()
                .allMatch(use -> use.matches("[\\w-]+/[\\w/-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+"));
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

    @ParameterizedTest
    @ValueSource(strings = {".ci/run", ".github/workflows/verify.yml"})
    void failsWhereACheckIsLeftOut(Path build) {
        assertThat(find("(mvn .*\\bverify)", text(build)))
                .hasSize(1)
                .allMatch(command -> command.contains(" -Dstrict "));
    }

    @Test
    void reviewsTheDependenciesOfAPullRequest() {
        assertThat(text(DEPENDENCIES)).contains("  pull_request:\n", "actions/dependency-review-action@");
    }

    @Test
    void scansAllThatIsDeployedAndFailsForAFinding() {
        assertThat(text(DEPENDENCIES))
                .contains(
                        "--config=.github/osv-scanner.toml",
                        "--lockfile=target/bom.json",
                        "target/azure-functions/defender-alert-user/lib")
                .doesNotContain("continue-on-error");
    }

    @ParameterizedTest
    @MethodSource("waivers")
    void waivesAFindingWithAReasonAndUntilADay(String waiver) {
        assertThat(waiver)
                .containsPattern("(?m)^id = \"(CVE|GHSA)-[\\w-]+\"$")
                .containsPattern("(?m)^ignoreUntil = \\d{4}-\\d{2}-\\d{2}$")
                .containsPattern("(?m)^reason = \"[^\"]{40,}\"$");
    }

    /** The parts of the scanner's settings that begin with a header; none of them waives a whole library. */
    static List<String> waivers() {
        String[] parts = text(Path.of(".github/osv-scanner.toml")).split("(?m)^\\[\\[");
        assertThat(List.of(parts).subList(1, parts.length)).allMatch(part -> part.startsWith("IgnoredVulns]]\n"));
        return List.of(parts).subList(1, parts.length);
    }

    @Test
    void dependabotLeavesTheOddPinsAlone() {
        assertThat(find("dependency-name: (\\S+)", text(DEPENDABOT)))
                .containsExactlyInAnyOrder(
                        "com.microsoft.azure:azure-functions-maven-plugin",
                        "com.azure:azure-data-tables",
                        "com.azure:azure-sdk-bom",
                        "com.azure:azure-storage-common",
                        "com.azure:azure-storage-queue",
                        "io.netty:netty-bom",
                        "io.projectreactor.netty:*",
                        "io.projectreactor:reactor-core",
                        "org.assertj:assertj-core",
                        "com.google.errorprone:error_prone_core");
    }

    /** A dependency that is ignored altogether gets no updates for its faults, either. */
    @Test
    void dependabotIgnoresVersionsAndNotADependency() {
        assertThat(find("dependency-name: (\\S+)\n +(?!versions:)\\S", text(DEPENDABOT)))
                .containsExactly("com.azure:azure-storage-common");
    }
}
