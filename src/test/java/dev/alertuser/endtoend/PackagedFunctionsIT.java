package dev.alertuser.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What `mvn package` staged, against the contract: routes, methods, queues, connections. */
class PackagedFunctionsIT {
    private static final Path PACKAGE = Path.of("target/azure-functions/defender-alert-user");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void areThese() throws IOException {
        try (Stream<Path> functions = Files.list(PACKAGE)) {
            assertThat(functions
                            .filter(path -> Files.exists(path.resolve("function.json")))
                            .map(Path::getFileName))
                    .map(Path::toString)
                    .containsExactlyInAnyOrder(
                            "AlertUser",
                            "AlertUserPoison",
                            "AlertUserRequests",
                            "AlertUsers",
                            "AlertWebhook",
                            "Analyst",
                            "Budget",
                            "HealthDetail",
                            "HealthLive",
                            "HealthReady",
                            "Lookup",
                            "MyAlertUser",
                            "MyAlertUsers",
                            "MyLookup",
                            "OpenApi",
                            "Purge",
                            "Swagger",
                            "Warmup");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AlertUser, alerts/{id}/user, GET;HEAD, FUNCTION",
        "AlertUsers, alerts/users, POST, FUNCTION",
        "AlertWebhook, webhooks/alerts, POST;OPTIONS, FUNCTION",
        "Analyst, analyst, GET;HEAD, ANONYMOUS",
        "Budget, budget, GET;HEAD, FUNCTION",
        "HealthDetail, health/detail, GET;HEAD, FUNCTION",
        "HealthLive, health/live, GET;HEAD, ANONYMOUS",
        "HealthReady, health/ready, GET;HEAD, ANONYMOUS",
        "Lookup, lookups/{lookupId}, GET;HEAD, ANONYMOUS",
        "MyAlertUser, me/alerts/{id}/user, GET;HEAD, ANONYMOUS",
        "MyAlertUsers, me/alerts/users, POST, ANONYMOUS",
        "MyLookup, me/lookups/{lookupId}, GET;HEAD, ANONYMOUS",
        "OpenApi, openapi.json, GET;HEAD, ANONYMOUS",
        "Swagger, swagger.json, GET;HEAD, ANONYMOUS"
    })
    void answerOnTheirRoute(String function, String route, String methods, String authLevel) throws IOException {
        JsonNode trigger = trigger(function);

        assertThat(trigger.get("type").textValue()).isEqualTo("httpTrigger");
        assertThat(trigger.get("route").textValue()).isEqualTo(route);
        assertThat(trigger.get("authLevel").textValue()).isEqualTo(authLevel);
        List<String> found = new ArrayList<>();
        trigger.get("methods").forEach(method -> found.add(method.textValue()));
        assertThat(found).containsExactly(methods.split(";"));
    }

    @ParameterizedTest
    @CsvSource({"AlertUserRequests, alert-user-requests", "AlertUserPoison, alert-user-requests-poison"})
    void listenToTheirQueue(String function, String queue) throws IOException {
        JsonNode trigger = trigger(function);

        assertThat(trigger.get("type").textValue()).isEqualTo("queueTrigger");
        assertThat(trigger.get("queueName").textValue()).isEqualTo(queue);
        assertThat(trigger.get("connection").textValue()).isEqualTo("AzureWebJobsStorage");
    }

    @Test
    void purgeOnceAnHour() throws IOException {
        assertThat(trigger("Purge").get("type").textValue()).isEqualTo("timerTrigger");
        assertThat(trigger("Purge").get("schedule").textValue()).isEqualTo("0 40 * * * *");
    }

    @Test
    void warmUp() throws IOException {
        assertThat(trigger("Warmup").get("type").textValue()).isEqualTo("warmupTrigger");
    }

    @Test
    void runUnderAHostThatSuitsAHundredCallsAMinute() throws IOException {
        JsonNode queues = JSON.readTree(PACKAGE.resolve("host.json").toFile())
                .get("extensions")
                .get("queues");

        // The functions decode: what the platform cannot decode it gives to nobody.
        assertThat(queues.get("messageEncoding").textValue()).isEqualTo("none");
        assertThat(queues.get("visibilityTimeout").textValue()).isEqualTo("00:00:30");
        assertThat(queues.get("maxDequeueCount").intValue()).isEqualTo(5);
        assertThat(queues.get("batchSize").intValue()
                        + queues.get("newBatchThreshold").intValue())
                .isLessThanOrEqualTo(16);
    }

    @Test
    void carryNoSecret() throws IOException {
        assertThat(Files.readString(PACKAGE.resolve("local.settings.json"))).doesNotContainIgnoringCase("AccountKey");
    }

    /** A new library of the app is entered in the list on purpose; one of the tests never is. */
    @Test
    void carryTheLibrariesThatAreListedAndNoOther() throws IOException {
        Pattern version = Pattern.compile("-\\d+(\\.\\d+)+(\\.Final)?(?=[-.])");

        assertThat(jars())
                .map(name -> version.matcher(name).replaceFirst(""))
                .containsExactlyInAnyOrderElementsOf(
                        Files.readAllLines(Path.of("src/test/resources/package/libraries.txt")));
    }

    /** Libraries of tests ask for a newer one, and Maven would take theirs. */
    @Test
    void carryTheSlf4jOfTheAzureSdk() throws IOException {
        Matcher version =
                Pattern.compile("<slf4j.version>(.*)</slf4j.version>").matcher(Files.readString(Path.of("pom.xml")));

        assertThat(version.find()).isTrue();
        assertThat(jars()).contains("slf4j-api-" + version.group(1) + ".jar");
    }

    /** The parts of a library call each other's internals; azure-sdk-bom leaves some of them to older versions. */
    @ParameterizedTest
    @ValueSource(strings = {"netty-", "reactor-netty-", "jackson-(?!annotations)"})
    void carryOneVersionOfAllPartsOf(String library) throws IOException {
        Pattern part = Pattern.compile(library + ".*?-(\\d+\\.\\d+\\.\\d+).*");

        assertThat(jars().stream()
                        .filter(name -> name.matches(library + ".*"))
                        .map(name -> part.matcher(name).replaceFirst("$1"))
                        .distinct())
                .singleElement()
                .asString()
                .matches("\\d+\\.\\d+\\.\\d+");
    }

    private static List<String> jars() throws IOException {
        try (Stream<Path> jars = Files.list(PACKAGE.resolve("lib"))) {
            return jars.map(jar -> jar.getFileName().toString()).toList();
        }
    }

    private static JsonNode trigger(String function) throws IOException {
        return JSON.readTree(PACKAGE.resolve(function).resolve("function.json").toFile())
                .get("bindings")
                .get(0);
    }
}
