package dev.alertuser.infra;

import static dev.alertuser.infra.LoudAssumption.assumeLoudly;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What azure.yaml runs after the resources were made, with scripts that say how they were called. */
class ProvisionHookIT {
    private static final Pattern HOOK =
            Pattern.compile("  postprovision:\n    posix:\n      shell: sh\n      run: \\|\n((?: {8}.*\n)+)");

    @TempDir
    private Path project;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void aDeployedEnvironment() throws Exception {
        assumeLoudly(Command.onPath("bash").isPresent(), "the hook of azure.yaml, for want of bash");
        Files.createDirectory(project.resolve("infra"));
        // The role is missing.
        Files.writeString(project.resolve("infra/grant.sh"), "echo grant.sh \"$@\"; exit 5");
        Files.writeString(project.resolve("infra/delegate.sh"), "echo delegate.sh \"$@\"");
        environment.put("IDENTITY_PRINCIPAL_ID", "identity");
        environment.put("SERVICE_API_URI", "https://app.azurewebsites.net");
    }

    @Test
    void looksForTheRoleAlone() throws Exception {
        Command.Outcome outcome = afterProvisioning();

        assertThat(outcome.out()).isEqualTo("grant.sh --check identity\n");
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    @Test
    void looksAtTheRegistrationTooWhereAnalystsMayAsk() throws Exception {
        environment.put("ASK_AS_USER", "true");
        environment.put("ENTRA_CLIENT_ID", "registration");

        Command.Outcome outcome = afterProvisioning();

        assertThat(outcome.out()).isEqualTo("""
                grant.sh --check identity
                delegate.sh --check --host https://app.azurewebsites.net registration identity
                """);
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    /** As azd does it: the shell ends at the first command that fails. */
    private Command.Outcome afterProvisioning() throws Exception {
        Matcher hook = HOOK.matcher(Repository.text(Path.of("azure.yaml")));
        assertThat(hook.find()).isTrue();
        return Command.run(
                List.of(
                        "sh",
                        "-e",
                        "-c",
                        "cd '" + project + "'\n" + hook.group(1).stripIndent()),
                environment);
    }
}
