package dev.alertuser.infra;

import static dev.alertuser.infra.Repository.files;
import static dev.alertuser.infra.Repository.find;
import static dev.alertuser.infra.Repository.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The GitHub workflows take no code that can change under them, and give no right to those who do not need it. */
class WorkflowsTest {
    private static final Path DEPENDENCIES = Path.of(".github/workflows/dependencies.yml");
    private static final Path DEPENDABOT = Path.of(".github/dependabot.yml");

    private static final Workflow.Job WHAT_IF = Workflow.named("infra").job("what-if");
    private static final Workflow.Job BUILD = Workflow.named("deploy").job("build");
    private static final Workflow.Job DEPLOY = Workflow.named("deploy").job("deploy");

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
    void onlyWhatIfAndDeployMayAskForAToken() {
        assertThat(Workflow.all())
                .flatExtracting(workflow -> workflow.jobs().values().stream()
                        .filter(Workflow.Job::mayAskForAToken)
                        .map(job -> workflow + " " + job.name())
                        .toList())
                .containsExactlyInAnyOrder("infra.yml what-if", "deploy.yml deploy");
    }

    /** A plugin of the build runs whatever its author likes. */
    @Test
    void whoMayAskForATokenBuildsNothing() {
        assertThat(List.of(WHAT_IF, DEPLOY))
                .noneMatch(job -> job.text().matches("(?s).*\\b(mvn|npm|setup-java|setup-node)\\b.*"));
    }

    /** An environment has reviewers, and variables of its own: the two identities differ. */
    @Test
    void signsInAsTheIdentityOfAnEnvironment() {
        assertThat(WHAT_IF.text()).contains("\n    environment: what-if\n");
        assertThat(DEPLOY.text()).contains("\n    environment: production\n");
        assertThat(List.of(WHAT_IF, DEPLOY))
                .allMatch(job -> job.text().contains("client-id: ${{ vars.AZURE_CLIENT_ID }}"));
    }

    @Test
    void whatIfRunsWhereTheRepositoryWantsItAndForItsOwnBranches() {
        assertThat(WHAT_IF.text())
                .contains(
                        "vars.WHAT_IF == 'true'",
                        "github.event.pull_request.head.repo.full_name == github.repository",
                        "github.actor != 'dependabot[bot]'")
                .contains("--validation-level ProviderNoRbac");
    }

    @Test
    void onlyTheDeploymentReadsASecret() {
        assertThat(Workflow.all())
                .flatExtracting(workflow -> workflow.jobs().values().stream()
                        .flatMap(job -> find("secrets\\.(\\w+)", job.text()).stream()
                                .map(secret -> workflow + " " + job.name() + " " + secret))
                        .toList())
                .containsExactly("deploy.yml deploy GRAPH_CLIENT_STATE");
    }

    @Test
    void deploysOnlyACommitOfMainThatVerifyPassed() {
        assertThat(BUILD.text())
                .contains("\n      actions: read\n")
                .contains("actions/workflows/verify.yml/runs")
                .contains("-f head_sha=\"$GITHUB_SHA\" -f branch=main -f event=push -f status=success");
        assertThat(BUILD.at("verify.yml/runs")).isLessThan(BUILD.at("mvn "));
        assertThat(DEPLOY.text()).contains("    needs: build\n");
    }

    @Test
    void deploysWhatTheOtherJobBuilt() {
        assertThat(BUILD.text()).containsPattern("actions/upload-artifact@.*\n +with:\n +name: package\n");
        assertThat(DEPLOY.text()).containsPattern("actions/download-artifact@.*\n +with:\n +name: package\n");
    }

    /** az functionapp deployment calls the host with its master key, and fails where Entra sign-in answers it. */
    @Test
    void publishesWithoutTheMasterKey() {
        assertThat(DEPLOY.text()).contains("azd deploy api --from-package ").doesNotContain("config-zip", "keys list");
    }

    @Test
    void triesToPublishAgainWhileTheRolesOfNewResourcesSpread() {
        assertThat(DEPLOY.text())
                .contains("ATTEMPTS: ${{ inputs.infrastructure && 5 || 1 }}")
                .contains("sleep 60");
    }

    /** On GitHub, az takes the Bicep CLI of the runner from the path, whatever it has installed itself. */
    @Test
    void compilesWithThePinnedBicep() {
        assertThat(Workflow.all())
                .flatExtracting(workflow -> workflow.jobs().values())
                .filteredOn(job ->
                        job.text().contains("az bicep lint") || job.text().contains("--template-file"))
                .hasSize(3)
                .allSatisfy(job -> assertThat(job.at("az config set bicep.use_binary_from_path=false"))
                        .isPositive()
                        .isLessThan(job.at("infra/main.bicep")))
                .allMatch(job -> job.text().contains("az bicep install --version "));
        assertThat(find(
                        "az bicep install --version (\\S+)",
                        Workflow.all().stream().map(Workflow::text).collect(Collectors.joining())))
                .hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void doesNotRunTwiceAtATime(Path workflow) {
        assertThat(text(workflow)).contains("\nconcurrency:\n  group: ");
    }

    /** A version that was taken over by somebody is mostly found within days. */
    @Test
    void dependabotWaitsBeforeItTakesAVersion() {
        String dependabot = text(DEPENDABOT);

        assertThat(dependabot.split("cooldown:\n +default-days: 7\n", -1))
                .hasSameSizeAs(dependabot.split("package-ecosystem: ", -1));
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
