package dev.alertuser.infra;

import static dev.alertuser.infra.Repository.INFRA;
import static dev.alertuser.infra.Repository.MAIN;
import static dev.alertuser.infra.Repository.TYPES;
import static dev.alertuser.infra.Repository.files;
import static dev.alertuser.infra.Repository.json;
import static dev.alertuser.infra.Repository.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks of the Bicep texts that need no Bicep CLI. */
class BicepTextTest {
    private static final Pattern PARAMETER = Pattern.compile("((?:^[@#].*\\n)*)^param (\\w+) ", Pattern.MULTILINE);

    @Test
    void parametersFileGivesTheParametersOfTheTemplate() {
        List<String> given = new ArrayList<>();
        json(INFRA.resolve("main.parameters.json"))
                .get("parameters")
                .fieldNames()
                .forEachRemaining(given::add);

        assertThat(given).containsExactlyElementsOf(parameters(text(MAIN)));
    }

    private static List<String> parameters(String bicep) {
        return PARAMETER.matcher(bicep).results().map(match -> match.group(2)).toList();
    }

    @ParameterizedTest
    @MethodSource("bicepFiles")
    void describesEveryParameter(Path file) {
        assertThat(PARAMETER
                        .matcher(text(file))
                        .results()
                        .filter(match -> !match.group(1).contains("@description('"))
                        .map(match -> match.group(2)))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("bicepFiles")
    void asksForNoKeyAndNoRegistry(Path file) {
        assertThat(text(file))
                .doesNotContainIgnoringCase("listKeys")
                .doesNotContain("'br:", "'br/", "'ts:")
                .doesNotContain("TODO");
    }

    @ParameterizedTest
    @MethodSource("roleFiles")
    void saysTheNameOfTheRoleBesideItsId(Path file) {
        List<MatchResult> roles = Pattern.compile("^var roleId = '([0-9a-f-]{36})' // (.+)$", Pattern.MULTILINE)
                .matcher(text(file))
                .results()
                .toList();

        assertThat(roles).singleElement().satisfies(role -> {
            assertThat(role.group(2)).isEqualTo(BuiltInRoles.name(role.group(1)));
            assertThat(file.getFileName().toString())
                    .isEqualTo(role.group(2).toLowerCase(Locale.ROOT).replace(' ', '-') + ".bicep");
        });
    }

    /** A secret within an object is in the history of the deployment, and in the file or the variable that holds the object. */
    @Test
    void takesASecretAsAParameterOfItsOwn() {
        assertThat(text(TYPES)).doesNotContain("@secure()");
        assertThat(PARAMETER
                        .matcher(text(MAIN))
                        .results()
                        .filter(match -> match.group(1).contains("@secure()"))
                        .map(match -> match.group(2)))
                .containsExactly("graphClientState");
    }

    @Test
    void assignsNoRoleOutsideOfTheRoleFiles() {
        assertThat(bicepFiles().stream()
                        .filter(file -> text(file).contains("roleAssignments@"))
                        .toList())
                .containsExactlyElementsOf(roleFiles());
    }

    static List<Path> bicepFiles() {
        return files(INFRA, ".bicep");
    }

    static List<Path> roleFiles() {
        return files(INFRA.resolve("roles"), ".bicep").stream()
                .filter(file -> !file.endsWith("roles.bicep"))
                .toList();
    }
}
