package dev.alertuser.functions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What {@code host.json} lets the host log. For each call it writes two lines of its own, {@code Executing} and {@code Executed}, in the
 * category {@code Function.NAME}: anybody could fill the log with those of functions that need no key. The app's lines have the category
 * {@code Function.NAME.User}, and the requests {@code Host.Results}; the longest prefix that is named decides.
 *
 * @see <a href="https://learn.microsoft.com/azure/azure-functions/configure-monitoring#configure-categories">Categories</a>
 */
class HostLogLevelsTest {
    private final JsonNode levels;

    HostLogLevelsTest() throws IOException {
        levels = new ObjectMapper().readTree(new File("host.json")).at("/logging/logLevel");
    }

    @Test
    void quietenTheHostForFunctionsWithoutAKeyAndForNoOther() {
        List<String> quiet = new ArrayList<>();
        levels.fieldNames().forEachRemaining(category -> {
            if (category.startsWith("Function.") && !category.endsWith(".User")) {
                quiet.add(category.substring("Function.".length()));
            }
        });

        assertThat(quiet).containsExactlyInAnyOrderElementsOf(withoutKey());
        assertThat(quiet)
                .allSatisfy(name ->
                        assertThat(levels.get("Function." + name).textValue()).isEqualTo("Warning"));
    }

    /** A poll that looked an alert up writes a line, and any call may write the line of the budget. */
    @Test
    void leaveTheLinesOfTheApp() {
        assertThat(withoutKey())
                .allSatisfy(name -> assertThat(
                                levels.at("/Function." + name + ".User").textValue())
                        .isEqualTo("Information"));
    }

    @Test
    void leaveTheRequests() {
        assertThat(levels.get("default").textValue()).isEqualTo("Information");
        assertThat(levels.has("Host.Results")).isFalse();
        assertThat(levels.has("Host")).isFalse();
    }

    private static List<String> withoutKey() {
        return FunctionMethods.all().stream()
                .filter(method -> Arrays.stream(method.getParameters())
                        .map(parameter -> parameter.getAnnotation(HttpTrigger.class))
                        .anyMatch(http -> http != null && http.authLevel() == AuthorizationLevel.ANONYMOUS))
                .map(method -> method.getAnnotation(FunctionName.class).value())
                .toList();
    }
}
