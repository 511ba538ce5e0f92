package dev.alertuser.infra;

import static dev.alertuser.infra.Repository.INFRA;
import static dev.alertuser.infra.Repository.json;
import static dev.alertuser.infra.Repository.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.functions.queue.QueueOutput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sample workflows: their actions form a graph, and they read nothing that the app does not answer. */
class LogicAppsTest {
    static final Path PLAYBOOK = INFRA.resolve("sentinel-playbook/incident-trigger/azuredeploy.json");
    private static final Path QUEUE = INFRA.resolve("queue-workflow/azuredeploy.json");

    static Stream<Named<WorkflowTemplate>> workflows() {
        return Stream.of(PLAYBOOK, QUEUE)
                .flatMap(file -> WorkflowTemplate.workflowsOf(json(file)).stream()
                        .map(workflow -> Named.of(
                                file + ": "
                                        + String.join(", ", workflow.actions().keySet()),
                                workflow)));
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void actionsWaitOnlyForActionsBesideThem(WorkflowTemplate workflow) {
        assertThat(workflow.actionGroups())
                .isNotEmpty()
                .allSatisfy(group -> group.properties()
                        .forEach(action -> action.getValue()
                                .path("runAfter")
                                .fieldNames()
                                .forEachRemaining(earlier -> assertThat(group.has(earlier))
                                        .as("%s waits for %s", action.getKey(), earlier)
                                        .isTrue())));
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void noActionWaitsForItself(WorkflowTemplate workflow) {
        assertThat(workflow.actionGroups()).allSatisfy(group -> {
            Set<String> done = new HashSet<>();
            while (done.size() < group.size()) {
                List<String> next = group.properties().stream()
                        .filter(action -> !done.contains(action.getKey()))
                        .filter(action ->
                                done.containsAll(names(action.getValue().path("runAfter"))))
                        .map(Map.Entry::getKey)
                        .toList();
                assertThat(next).as("actions that can start after %s", done).isNotEmpty();
                done.addAll(next);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void expressionsNameActionsThatExist(WorkflowTemplate workflow) {
        Set<String> actions = workflow.actions().keySet();

        assertThat(actions)
                .containsAll(workflow.argumentsOf("body"))
                .containsAll(workflow.argumentsOf("outputs"))
                .containsAll(workflow.argumentsOf("items"));
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    @Nested
    class Playbook {
        private final JsonNode template = json(PLAYBOOK);
        private final WorkflowTemplate workflow =
                WorkflowTemplate.workflowsOf(template).get(0);

        @Test
        void readsOnlyWhatTheAppAnswers() {
            ApiSchema answer = ApiSchema.ofAnswer("/alerts/users", "post", "200");

            assertThat(workflow.pathsReadFrom("body('Find_users')"))
                    .contains("/results")
                    .allMatch(answer::has);
            assertThat(workflow.pathsReadFrom("item()"))
                    .hasSizeGreaterThan(4)
                    .allMatch(path -> answer.has("/results/0" + path));
        }

        @Test
        void aMisspeltMemberWouldBeFound() {
            ApiSchema answer = ApiSchema.ofAnswer("/alerts/users", "post", "200");

            assertThat(answer.has("/results/0/account/Sid")).isTrue();
            assertThat(answer.has("/results/0/account/SID")).isFalse();
            assertThat(answer.has("/results/account")).isFalse();
        }

        @Test
        void readsTheOutcomeOfAnAlertThatWasFound() {
            ApiSchema answer = ApiSchema.ofAnswer("/alerts/users", "post", "200");

            assertThat(answer.valuesOf("/results/0/outcome"))
                    .containsAll(Repository.find("equals\\(item\\(\\)\\?\\['outcome'\\], '(\\w+)'\\)", people()));
        }

        @Test
        void callsARouteThatTheAppHas() {
            assertThat(template.at("/variables/Call/uri").textValue()).contains("'/api/alerts/users?mode=async'");
            assertThat(ApiSchema.ofAnswer("/alerts/users", "post", "202").has("/location"))
                    .isTrue();
        }

        @Test
        void readsOnlyParametersThatItDeclares() {
            Set<String> declared = Set.copyOf(names(workflow.definition().get("parameters")));

            assertThat(declared).containsAll(workflow.argumentsOf("@parameters"));
        }

        /** The app knows which alerts are Defender's, by more than a product's name; a filter here could only be narrower. */
        @Test
        void asksOnceAsynchronouslyWithTheTriggersBodyAsItIs() {
            JsonNode call = template.at("/variables/Call");

            assertThat(call.get("method").textValue()).isEqualTo("POST");
            assertThat(call.get("uri").textValue()).contains("/api/alerts/users?mode=async");
            assertThat(call.get("body").textValue()).isEqualTo("@triggerBody()");
            assertThat(workflow.pathsReadFrom("triggerBody()")).containsExactly("/object", "/object/id");
            assertThat(workflow.actions().values())
                    .extracting(action -> action.get("type").textValue())
                    .doesNotContain("Foreach");
        }

        @Test
        void endsWithoutACallWhenItIsRunWithoutAnIncident() {
            JsonNode first = workflow.definition().get("actions");

            assertThat(names(first)).containsExactly("If_there_is_an_incident");
            assertThat(first.at("/If_there_is_an_incident/expression").toString())
                    .isEqualTo("{\"and\":[{\"equals\":[\"@empty(triggerBody()?['object'])\",false]}]}");
            assertThat(first.at("/If_there_is_an_incident/else/actions")).isEmpty();
        }

        @Test
        void writesNoCommentOnAnIncidentWithoutDefenderAlerts() {
            assertThat(workflow.actions()
                            .get("If_there_are_Defender_alerts")
                            .at("/expression/and/0/greater")
                            .toString())
                    .isEqualTo("[\"@length(body('Find_users')?['results'])\",0]");
        }

        @Test
        void hidesKeyAnswerAndLookupInTheRunHistory() {
            assertThat(template.at("/parameters/FunctionKey/type").textValue()).isEqualTo("securestring");
            assertThat(workflow.definition().at("/parameters/FunctionKey/type").textValue())
                    .isEqualTo("SecureString");
            assertThat(workflow.actions()
                            .get("Find_users")
                            .at("/runtimeConfiguration/secureData/properties")
                            .toString())
                    .isEqualTo("[\"inputs\",\"outputs\"]");
        }

        /** The first action of a branch is skipped only with the branch. */
        @Test
        void handlesEachOutcomeOfTheCallOnce() {
            JsonNode actions = workflow.actions().get("If_there_is_an_incident").get("actions");
            List<String> outcomes = new ArrayList<>();
            actions.forEach(
                    action -> action.at("/runAfter/Find_users").forEach(outcome -> outcomes.add(outcome.textValue())));

            assertThat(outcomes).containsExactlyInAnyOrder("Succeeded", "Failed", "TimedOut");
        }

        /** An action that handles a failure would make the run a success, which nobody looks at. Skipped is the comment where the call succeeds. */
        @Test
        void endsAsAFailureWhenTheCallFailsWhateverBecomesOfTheComment() {
            JsonNode end = workflow.actions().get("End_as_a_failure");

            assertThat(end.at("/inputs/runStatus").textValue()).isEqualTo("Failed");
            assertThat(end.at("/runAfter/Add_comment_that_it_failed").toString())
                    .isEqualTo("[\"Succeeded\",\"Failed\",\"TimedOut\"]");
        }

        @Test
        void tellsWhichRolesSentinelAndThePlaybookNeed() {
            String readme = text(PLAYBOOK.getParent().resolveSibling("readme.md"));

            for (String role : List.of("Microsoft Sentinel Responder", "Microsoft Sentinel Automation Contributor")) {
                assertThat(template.at("/metadata/postDeployment").toString()).contains(role);
                assertThat(readme).contains(role);
            }
        }

        @Test
        void leavesBuiltInAccountsOut() {
            assertThat(people()).contains("not(equals(item()?['account']?['builtIn'], true))");
        }

        private String people() {
            return workflow.actions().get("People").at("/inputs/where").textValue();
        }

        @Test
        void startsWithTheIncidentAndItsOwnIdentity() {
            assertThat(workflow.definition()
                            .at("/triggers/Microsoft_Sentinel_incident/inputs/path")
                            .textValue())
                    .isEqualTo("/incident-creation");
            assertThat(template.at("/resources/1/identity/type").textValue()).isEqualTo("SystemAssigned");
            assertThat(template.at("/resources/0/properties/parameterValueType").textValue())
                    .isEqualTo("Alternative");
            assertThat(template.at(
                                    "/resources/1/properties/parameters/$connections/value/azuresentinel/connectionProperties/authentication/type")
                            .textValue())
                    .isEqualTo("ManagedServiceIdentity");
        }

        @Test
        void hasTheMetadataThatSentinelAsksFor() {
            JsonNode metadata = template.get("metadata");

            assertThat(names(metadata))
                    .contains(
                            "title",
                            "description",
                            "prerequisites",
                            "postDeployment",
                            "lastUpdateTime",
                            "entities",
                            "tags",
                            "support",
                            "author",
                            "releaseNotes");
            assertThat(metadata.at("/entities/0").textValue()).isEqualTo("Account");
            assertThat(template.at("/resources/1/tags/hidden-SentinelTemplateVersion")
                            .textValue())
                    .isEqualTo(metadata.at("/releaseNotes/0/version").textValue());
        }
    }

    @Nested
    class QueueWorkflows {
        private final JsonNode template = json(QUEUE);

        @Test
        void readOnlyWhatTheResultHolds() {
            JsonNode result = QueueOutput.resultMessage();

            assertThat(WorkflowTemplate.workflowsOf(template).get(1).pathsReadFrom("outputs('Result')"))
                    .hasSizeGreaterThan(3)
                    .allMatch(path -> !result.at(path).isMissingNode());
        }

        @Test
        void useTheQueuesOfTheApp() {
            assertThat(NamesTest.QUEUES)
                    .contains(
                            template.at("/variables/RequestQueue").textValue(),
                            template.at("/variables/ResultQueue").textValue());
        }

        @Test
        void sendBase64WhichNeedsNoEscapingInXml() {
            assertThat(WorkflowTemplate.workflowsOf(template)
                            .get(0)
                            .actions()
                            .get("Put_request")
                            .at("/inputs/body")
                            .textValue())
                    .contains("@{base64(string(outputs('Request')))}");
        }

        @Test
        void giveEachIdentityOneRoleByItsRightName() {
            assertThat(names(template.at("/variables/Roles")))
                    .hasSize(2)
                    .allSatisfy(name -> assertThat(BuiltInRoles.name(
                                    template.at("/variables/Roles/" + name).textValue()))
                            .isEqualTo(name));
        }
    }
}
