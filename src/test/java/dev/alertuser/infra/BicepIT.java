package dev.alertuser.infra;

import static dev.alertuser.infra.Repository.INFRA;
import static dev.alertuser.infra.Repository.files;
import static dev.alertuser.infra.Repository.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Bicep files are correct, without a finding, and formatted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BicepIT {
    private BicepCli bicep;

    @BeforeAll
    void findCli() {
        bicep = BicepCli.find();
    }

    @ParameterizedTest
    @ValueSource(strings = {"infra/main.bicep", "infra/connector/main.bicep"})
    void compilesAndLintsWithoutAFinding(String entry) throws Exception {
        Command.Outcome build = bicep.run("build", entry, "--stdout");
        Command.Outcome lint = bicep.run("lint", entry);

        assertThat(build.err() + lint.out() + lint.err()).isEmpty();
        assertThat(build.exitCode()).isZero();
        assertThat(lint.exitCode()).isZero();
        assertThat(build.out()).contains("deploymentTemplate.json");
    }

    @Test
    void aPropertyThatDoesNotExistIsAFinding() throws Exception {
        Path wrong = Path.of("target/infra/wrong.bicep");
        Files.createDirectories(wrong.getParent());
        Files.writeString(wrong, """
                resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
                  name: 'plan'
                  location: 'westeurope'
                  properties: { reservd: true }
                }
                """);

        assertThat(bicep.run("lint", wrong.toString()).err()).contains("BCP");
    }

    @ParameterizedTest
    @MethodSource("bicepFiles")
    void isFormatted(Path file) throws Exception {
        Command.Outcome formatted = bicep.run("format", file.toString(), "--stdout");

        assertThat(formatted.exitCode()).as(formatted.err()).isZero();
        assertThat(text(file)).as("bicep format " + file).isEqualTo(formatted.out());
    }

    static List<Path> bicepFiles() {
        return files(INFRA, ".bicep");
    }
}
