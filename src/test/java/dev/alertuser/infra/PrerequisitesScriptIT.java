package dev.alertuser.infra;

import static dev.alertuser.infra.LoudAssumption.assumeLoudly;
import static dev.alertuser.infra.Repository.INFRA;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** infra/prerequisites.sh on machines that lack something; its PATH holds nothing but what a test puts there. */
class PrerequisitesScriptIT {
    private static final Path SCRIPT = INFRA.resolve("prerequisites.sh");
    private static final String SUBSCRIPTION = "55555555-5555-5555-5555-555555555555";

    /** Signed in, and sees one subscription. */
    private static final String AZ = """
            case "$*" in
              'account show --output none' | 'account show --output none --subscription %s') ;;
              *) exit 1 ;;
            esac
            """.formatted(SUBSCRIPTION);

    @TempDir
    private Path programs;

    private final Map<String, String> environment = new HashMap<>();
    private Path bash;

    @BeforeEach
    void aMachineThatLacksNothing() throws Exception {
        Optional<Path> found = Command.onPath("bash");
        assumeLoudly(found.isPresent(), SCRIPT + ", for want of bash");
        bash = found.get();
        program("az", AZ);
        program("jq", "");
        program("mvn", "");
        program("javac", "echo 'javac 17.0.12'");
        environment.put("PATH", programs.toString());
    }

    private void program(String name, String script) throws Exception {
        Path program = Files.writeString(programs.resolve(name), "#!" + bash + "\n" + script);
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    private Command.Outcome check() throws Exception {
        return Command.run(List.of(bash.toString(), SCRIPT.toString()), environment);
    }

    @Test
    void isContentWithAMachineThatLacksNothing() throws Exception {
        Command.Outcome outcome = check();

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out() + outcome.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"az", "jq", "mvn", "javac"})
    void namesTheToolThatIsMissingAndWhereToGetIt(String tool) throws Exception {
        Files.delete(programs.resolve(tool));

        Command.Outcome outcome = check();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err().lines().filter(line -> line.startsWith("- ")))
                .singleElement()
                .asString()
                .startsWith("- " + tool + " ")
                .contains("https://");
    }

    @Test
    void namesEverythingThatIsMissingAtOnce() throws Exception {
        Files.delete(programs.resolve("jq"));
        Files.delete(programs.resolve("mvn"));

        assertThat(check().err()).contains("- jq ", "- mvn ").doesNotContain("- az ", "- javac ");
    }

    @ParameterizedTest
    @CsvSource({"1.8.0_392, no", "11.0.2, no", "17, yes", "17.0.12, yes", "21.0.4, yes", "25-ea, yes"})
    void takesAJdkFrom17On(String version, String taken) throws Exception {
        program("javac", "echo 'javac " + version + "'");

        Command.Outcome outcome = check();

        assertThat(outcome.exitCode()).isEqualTo(taken.equals("yes") ? 0 : 1);
        if (taken.equals("no")) {
            assertThat(outcome.err()).contains("- javac is of JDK " + version + ", but 17 or newer is needed");
        }
    }

    @Test
    void saysHowToSignIn() throws Exception {
        program("az", "exit 1");

        assertThat(check().err()).contains("- az is not signed in: run az login");
    }

    @Test
    void asksForTheSubscriptionThatAzdDeploysTo() throws Exception {
        environment.put("AZURE_SUBSCRIPTION_ID", SUBSCRIPTION);
        assertThat(check().exitCode()).isZero();

        environment.put("AZURE_SUBSCRIPTION_ID", "66666666-6666-6666-6666-666666666666");
        assertThat(check().err())
                .contains("- az is signed in but does not see the subscription 66666666-6666-6666-6666-666666666666");
    }

    @Test
    void shellcheckFindsNothing() throws Exception {
        Optional<Path> shellcheck = Command.onPath("shellcheck");
        assumeLoudly(shellcheck.isPresent(), SCRIPT + " with shellcheck, which is not on the PATH");

        Command.Outcome outcome = Command.run(List.of(shellcheck.get().toString(), SCRIPT.toString()), Map.of());

        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
    }
}
