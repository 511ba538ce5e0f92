package dev.alertuser.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alertuser.endtoend.LogicAppsHttpAction.Run;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The playbook's one call, as its template has it, to the running app. */
class PlaybookIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void alertsAreFoundWhateverTheirProductIsCalled() throws Exception {
        String one = "da" + UUID.randomUUID() + "_1";
        String other = "da" + UUID.randomUUID() + "_2";
        String incident = """
                {"objectSchemaType": "Incident", "object": {"id": "/subscriptions/0/incident", "properties": {"alerts": [
                  {"properties": {"productName": null, "alertLink": "https://security.microsoft.com/alerts/%s"}},
                  {"properties": {"productName": "Microsoft Defender ATP",
                    "alertLink": "https://security.microsoft.com/alerts/%s"}}]}}}
                """.formatted(one, other);

        try (RunningApp app = RunningApp.startInMemory("playbook", Map.of())) {
            Run run = call(app.baseUri(), incident);

            assertThat(run.succeeded()).as("%s", run.requests()).isTrue();
            assertThat(JSON.readTree(run.last().body()).get("results"))
                    .extracting(result -> result.get("alertId").textValue() + " "
                            + result.get("outcome").textValue())
                    .containsExactly(one + " found", other + " found");
        }
    }

    private static Run call(URI app, String triggerBody) throws Exception {
        JsonNode call = JSON.readTree(Path.of("infra/sentinel-playbook/incident-trigger/azuredeploy.json")
                        .toFile())
                .at("/variables/Call");
        assertThat(call.get("body").textValue()).isEqualTo("@triggerBody()");
        String path = call.get("uri").textValue().replaceAll(".*'(/api[^']*)'.*", "$1");
        return new LogicAppsHttpAction(Duration.ofMinutes(1))
                .run(
                        call.get("method").textValue(),
                        URI.create(app + path),
                        Optional.of(triggerBody),
                        Map.of("Content-Type", "application/json", "x-functions-key", RunningApp.KEY));
    }
}
