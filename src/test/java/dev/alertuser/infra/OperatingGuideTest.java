package dev.alertuser.infra;

import static dev.alertuser.infra.Repository.CODE;
import static dev.alertuser.infra.Repository.INFRA;
import static dev.alertuser.infra.Repository.MAIN;
import static dev.alertuser.infra.Repository.files;
import static dev.alertuser.infra.Repository.find;
import static dev.alertuser.infra.Repository.json;
import static dev.alertuser.infra.Repository.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.docs.MarkdownDocument;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The documents name only variables, outputs, parameters, settings and functions that exist. */
class OperatingGuideTest {
    private static final String DOCUMENTS =
            MarkdownDocument.all().stream().map(MarkdownDocument::text).collect(Collectors.joining("\n"));
    private static final String GUIDE = MarkdownDocument.OPERATION.text();
    /** By azd itself. */
    private static final Set<String> ALWAYS_ASKED = Set.of("environmentName", "location");

    private static final Path PARAMETERS = INFRA.resolve("main.parameters.json");

    @Test
    void readsOnlyOutputsOfTheDeployment() {
        assertThat(find("^output (\\w+) ", text(MAIN))).containsAll(find("azd env get-value (\\w+)", DOCUMENTS));
    }

    @Test
    void explainsEachParameterWithItsVariableAndDefault() {
        Set<String> expected = new TreeSet<>();
        json(PARAMETERS).get("parameters").properties().forEach(parameter -> {
            if (!ALWAYS_ASKED.contains(parameter.getKey())) {
                expected.add(row(parameter.getKey(), parameter.getValue().get("value")));
            }
        });

        assertThat(find("^\\| ((?:–|`[A-Z_]+`) \\| `\\w+` \\| \\S+) \\|", GUIDE))
                .isEqualTo(expected);
    }

    /** As in {@code "${JAVA_VERSION=17}"}; a list or an object has no variable. */
    private static String row(String parameter, JsonNode value) {
        if (!value.isTextual()) {
            return "– | `" + parameter + "` | `" + value + "`";
        }
        String[] variable = value.textValue().replaceAll("^\\$\\{|}$", "").split("=", 2);
        return "`" + variable[0] + "` | `" + parameter + "` | "
                + (variable[1].isEmpty() ? "–" : "`" + variable[1] + "`");
    }

    @Test
    void setsOnlyVariablesOfTheDeployment() {
        assertThat(find("\\$\\{(\\w+)=", text(PARAMETERS)))
                .containsAll(find("azd env set ([A-Z]+_[A-Z_]+)", DOCUMENTS));
    }

    @Test
    void setsEachVariableAndSecretThatTheWorkflowsRead() {
        String workflows = Workflow.all().stream().map(Workflow::text).collect(Collectors.joining());

        assertThat(find("gh variable set (\\w+)", GUIDE)).isEqualTo(find("\\bvars\\.(\\w+)", workflows));
        assertThat(find("gh secret set (\\w+)", GUIDE)).isEqualTo(find("\\bsecrets\\.(\\w+)", workflows));
    }

    /** Whoever can push a branch can use the identity of what-if. */
    @Test
    void theRoleOfWhatIfHoldsNothingElse() {
        assertThat(find("\"Actions\": \\[(.*)]", GUIDE))
                .containsExactly("\"Microsoft.Resources/deployments/whatIf/action\", "
                        + "\"Microsoft.Resources/deployments/validate/action\"");
        assertThat(find("for role in (Reader .*); do", GUIDE)).containsExactly("Reader 'Deployment What-If'");
    }

    @Test
    void givesEachTemplateTheParametersThatItNeeds() {
        Set<String> templates = find("--template-file (\\S+)", DOCUMENTS);

        assertThat(templates).hasSizeGreaterThanOrEqualTo(3).allSatisfy(name -> {
            Path template = Files.exists(Path.of(name)) ? Path.of(name) : INFRA.resolve("sentinel-playbook/" + name);
            Set<String> given = new TreeSet<>();
            find("--template-file " + name + "[\\s\\\\]+--parameters ([^\n]*)", DOCUMENTS)
                    .forEach(parameters -> given.addAll(find("(\\w+)=", parameters)));
            assertThat(given).isEqualTo(required(template));
        });
    }

    /** Those without a default. The CLI asks for secret ones. */
    private static Set<String> required(Path template) {
        if (template.toString().endsWith(".bicep")) {
            return find("^param (\\w+) [^=\n]*$", text(template));
        }
        Set<String> names = new TreeSet<>();
        json(template).get("parameters").properties().forEach(parameter -> {
            JsonNode definition = parameter.getValue();
            if (!definition.has("defaultValue")
                    && !definition.get("type").asText().equals("securestring")) {
                names.add(parameter.getKey());
            }
        });
        return names;
    }

    @Test
    void switchesOnlyFunctionsThatExist() {
        Collection<String> functions = find("@FunctionName\\(\"(\\w+)\"\\)", code());

        assertThat(functions).containsAll(find("AzureWebJobs\\.(\\w+)\\.Disabled", DOCUMENTS));
        assertThat(functions).containsAll(find("DISABLED_FUNCTIONS '\\[\"(\\w+)\"", DOCUMENTS));
        assertThat(functions).containsAll(find("--function-name (\\w+)", DOCUMENTS));
    }

    @Test
    void readmeExplainsEachSetting() {
        Set<String> explained = new TreeSet<>();
        find("^\\| (`[A-Za-z_]+`(?:, `[A-Za-z_]+`)*) \\|", MarkdownDocument.README.text())
                .forEach(names -> explained.addAll(find("`(\\w+)`", names)));

        assertThat(explained)
                .containsAll(AppSettingsTest.optionalSettings())
                .contains("AZURE_CLIENT_ID", "DEFENDER_CLOUD", "GRAPH_CLIENT_STATE", "AzureWebJobsStorage");
    }

    @Test
    void readmeNamesTheRolesThatAreAssigned() {
        String roles = MarkdownDocument.README.section("Identity and roles").text();
        String grant = text(INFRA.resolve("grant.sh"));

        assertThat(find("app id `([0-9a-f-]+)`", roles)).isEqualTo(find("^readonly defender_app=([0-9a-f-]+)", grant));
        assertThat(find("role id `([0-9a-f-]+)`", roles)).isEqualTo(find("^readonly known_role=([0-9a-f-]+)", grant));
        assertThat(find("(Storage \\w+ Data \\w+) (?:on|for)", roles))
                .isEqualTo(Set.of(
                        "Storage Table Data Contributor", "Storage Queue Data Contributor", "Storage Blob Data Owner"));
    }

    @Test
    void namesWhoMayRunTheScriptForAnalysts() {
        Set<String> rights = find("^readonly rights='(.*)'$", text(INFRA.resolve("delegate.sh")));

        assertThat(rights).isNotEmpty().isEqualTo(find("\\| ([^|]*) \\| `delegate.sh`, once", GUIDE));
    }

    private static String code() {
        return files(CODE, ".java").stream().map(Repository::text).collect(Collectors.joining("\n"));
    }
}
