package dev.alertuser.infra;

import static dev.alertuser.infra.Repository.MAIN;
import static dev.alertuser.infra.Repository.find;
import static dev.alertuser.infra.Repository.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.docs.MarkdownDocument;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** azure.yaml, and what azd offers from the template. */
class AzdProjectTest {
    private static final String PROJECT = text(Path.of("azure.yaml"));

    @Test
    void runsScriptsThatExist() {
        assertThat(find("(infra/[\\w.]+\\.(?:sh|ps1))", PROJECT))
                .contains("infra/prerequisites.sh", "infra/prerequisites.ps1", "infra/grant.sh", "infra/delegate.sh")
                .allSatisfy(script -> assertThat(Path.of(script)).exists());
    }

    @Test
    void checksThePrerequisitesOnBothKindsOfMachineBeforeItCreatesAnything() {
        String hook = PROJECT.substring(PROJECT.indexOf("  preprovision:"), PROJECT.indexOf("  postprovision:"));

        assertThat(hook)
                .contains("posix:", "infra/prerequisites.sh", "windows:", "infra/prerequisites.ps1")
                .doesNotContain("continueOnError");
    }

    @Test
    void bothScriptsAskForTheSameTools() {
        Set<String> posix = find("^lacking (\\w+)", text(Path.of("infra/prerequisites.sh")));

        assertThat(posix).containsExactlyInAnyOrder("az", "javac", "jq", "mvn");
        // jq is for grant.sh, which Windows does not run.
        assertThat(find("^ {2}(\\w+) = ", text(Path.of("infra/prerequisites.ps1"))))
                .containsExactlyInAnyOrder("az", "javac", "mvn");
    }

    @Test
    void guideNamesTheVersionOfAzdThatIsRequired() {
        Set<String> required = find("azd: \">= ([\\d.]+)\"", PROJECT);

        assertThat(required).hasSize(1);
        assertThat(find("azd\\]\\([^)]*\\) ([\\d.]+) or newer", MarkdownDocument.OPERATION.text()))
                .isEqualTo(required);
    }

    @Test
    void offersTheRegionsOfFlexConsumptionAndThoseOfAzureGovernment() {
        Set<String> regions = find("^ {2}'([a-z0-9]+)'$", text(MAIN));

        assertThat(regions)
                .hasSize(36)
                .contains("westeurope", "eastus", "usgovvirginia", "usdodeast")
                .doesNotContain("eastus2euap");
    }
}
