package dev.alertuser.infra;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Logic Apps workflow in an ARM template: its actions, flattened, and its expressions. */
record WorkflowTemplate(JsonNode template, JsonNode definition) {
    private static final Pattern STEP = Pattern.compile("\\?\\['(\\w+)'\\]|\\?\\[(\\d+)\\]");

    static List<WorkflowTemplate> workflowsOf(JsonNode template) {
        List<WorkflowTemplate> workflows = new ArrayList<>();
        for (JsonNode resource : template.get("resources")) {
            if (resource.get("type").textValue().equals("Microsoft.Logic/workflows")) {
                workflows.add(new WorkflowTemplate(template, resource.at("/properties/definition")));
            }
        }
        return workflows;
    }

    /** Each group of actions that may wait for one another: the top level, and the inside of each loop and branch. */
    List<JsonNode> actionGroups() {
        List<JsonNode> groups = new ArrayList<>();
        collectGroups(definition, groups);
        return groups;
    }

    private static void collectGroups(JsonNode scope, List<JsonNode> groups) {
        if (scope.has("actions")) {
            groups.add(scope.get("actions"));
            scope.get("actions").forEach(action -> collectGroups(action, groups));
        }
        if (scope.has("else")) {
            collectGroups(scope.get("else"), groups);
        }
    }

    Map<String, JsonNode> actions() {
        Map<String, JsonNode> actions = new HashMap<>();
        actionGroups()
                .forEach(
                        group -> group.properties().forEach(action -> actions.put(action.getKey(), action.getValue())));
        return actions;
    }

    /** What stands in quotes in all calls of a function of the expression language, as in {@code body('Find_user')}. */
    Set<String> argumentsOf(String function) {
        return Repository.find(Pattern.quote(function) + "\\('([^']+)'\\)", String.join("\n", expressions()));
    }

    /** Paths, as JSON pointers, that are read from something, as in {@code body('Find_user')?['results']?[0]}. */
    Set<String> pathsReadFrom(String source) {
        Set<String> paths = new TreeSet<>();
        Pattern reads = Pattern.compile(Pattern.quote(source) + "((?:\\?\\['\\w+'\\]|\\?\\[\\d+\\])+)");
        for (String expression : expressions()) {
            reads.matcher(expression)
                    .results()
                    .forEach(read -> paths.add(STEP.matcher(read.group(1))
                            .replaceAll(step -> "/" + (step.group(1) == null ? step.group(2) : step.group(1)))));
        }
        return paths;
    }

    private List<String> expressions() {
        return Stream.of(definition, template.path("variables"))
                .flatMap(WorkflowTemplate::texts)
                // Those in brackets are the template's own.
                .filter(text -> !text.startsWith("["))
                .toList();
    }

    private static Stream<String> texts(JsonNode node) {
        if (node.isTextual()) {
            return Stream.of(node.textValue());
        }
        List<JsonNode> children = new ArrayList<>();
        node.forEach(children::add);
        return children.stream().flatMap(WorkflowTemplate::texts);
    }
}
