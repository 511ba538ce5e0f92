package dev.alertuser.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alertuser.functions.operate.OperateOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The samples' ARM templates as they would be deployed: their template expressions evaluate. */
class SampleTemplatesIT {
    private BicepCli bicep;

    @BeforeEach
    void findCli() {
        bicep = BicepCli.find();
    }

    @Test
    void playbookCallsWithAKeyAloneWhereThereIsNoEntraSignIn() throws Exception {
        JsonNode call = playbookCall("playbook-key", "");

        assertThat(call.at("/headers/x-functions-key").textValue()).isEqualTo("@parameters('FunctionKey')");
        assertThat(call.has("authentication")).isFalse();
    }

    @Test
    void playbookCallsWithItsIdentityTooWhereThereIs() throws Exception {
        JsonNode call = playbookCall("playbook-identity", "param AppIdUri = 'api://app'\n");

        assertThat(call.at("/headers/x-functions-key").textValue()).isEqualTo("@parameters('FunctionKey')");
        assertThat(call.get("authentication").toString())
                .isEqualTo("{\"type\":\"ManagedServiceIdentity\",\"audience\":\"api://app\"}");
    }

    @Test
    void queueWorkflowsGetOneRoleOnOneQueueEach() throws Exception {
        Deployment deployment = predict(
                "queue-workflow", "queue-workflow/azuredeploy.json", "param StorageAccountName = 'stalertuser'\n");

        assertThat(deployment.resources("Microsoft.Authorization/roleAssignments").stream()
                        .map(role -> BuiltInRoles.name(
                                        role.at("/properties/roleDefinitionId").textValue())
                                + " "
                                + role.get("id").textValue().replaceAll(".*/queues/([a-z-]+).*", "$1")))
                .containsExactly(
                        "Storage Queue Data Message Sender alert-user-requests",
                        "Storage Queue Data Message Processor alert-user-results");
    }

    @Test
    void connectorLeadsToTheAppWithTheAppsOwnDocument() throws Exception {
        JsonNode connector = predict(
                        "connector", "connector/main.bicep", "param hostName = 'func-test.azurewebsites.net'\n")
                .only("Microsoft.Web/customApis");

        assertThat(connector.at("/backendService/serviceUrl").textValue())
                .isEqualTo("https://func-test.azurewebsites.net/api");
        assertThat(connector.get("swagger"))
                .isEqualTo(new ObjectMapper()
                        .readTree(OperateOutput.swagger("func-test.azurewebsites.net")
                                .toString()));
    }

    @Test
    void connectorAsksMakersForTheKeyAndInsistsOnIt() throws Exception {
        JsonNode connector = predict(
                        "connector", "connector/main.bicep", "param hostName = 'func-test.azurewebsites.net'\n")
                .only("Microsoft.Web/customApis");
        JsonNode key = connector.at("/connectionParameters/api_key");

        assertThat(key.get("type").textValue()).isEqualTo("securestring");
        assertThat(key.at("/uiDefinition/displayName").textValue()).isEqualTo("Function key");
        assertThat(key.at("/uiDefinition/constraints/required").textValue()).isEqualTo("true");
        assertThat(key.at("/uiDefinition/constraints/clearText").booleanValue()).isFalse();
        assertThat(connector.get("brandColor").textValue()).matches("#[0-9a-f]{6}");
    }

    private JsonNode playbookCall(String name, String parameters) throws Exception {
        Deployment deployment = predict(
                name,
                "sentinel-playbook/incident-trigger/azuredeploy.json",
                "param AppHostName = 'func-test.azurewebsites.net'\nparam FunctionKey = 'test'\n" + parameters);
        JsonNode workflow = deployment.only("Microsoft.Logic/workflows");
        return new WorkflowTemplate(workflow, workflow.get("definition"))
                .actions()
                .get("Find_users")
                .get("inputs");
    }

    private Deployment predict(String name, String template, String parameters) throws Exception {
        Path file = Files.createDirectories(Path.of("target/infra")).resolve(name + ".bicepparam");
        Files.writeString(file, "using '../../infra/" + template + "'\n" + parameters);
        return Deployment.predict(bicep, file);
    }
}
