package dev.alertuser.infra;

import static dev.alertuser.infra.Repository.INFRA;
import static dev.alertuser.infra.Repository.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.functions.operate.OperateOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The document of the custom connector is the app's own. */
class ConnectorTest {
    private static final Path DOCUMENT = INFRA.resolve("connector/swagger.json");

    private final JsonNode swagger = OperateOutput.swagger("app.azurewebsites.net");

    @Test
    void hasTheDocumentThatTheAppMakesNow() throws IOException {
        String now = swagger.toPrettyString() + "\n";
        Path made = Files.createDirectories(Path.of("target/infra")).resolve("connector-swagger.json");
        Files.writeString(made, now);

        assertThat(Files.exists(DOCUMENT) ? text(DOCUMENT) : "nothing")
                .as("If the API has changed, take %s over to %s", made, DOCUMENT)
                .isEqualTo(now);
    }

    @Test
    void asksForTheKeyUnderTheNameOfItsConnectionParameter() {
        JsonNode key = swagger.at("/securityDefinitions").elements().next();

        assertThat(key.get("type").textValue()).isEqualTo("apiKey");
        assertThat(key.get("name").textValue()).isEqualTo("x-functions-key");
        assertThat(key.get("in").textValue()).isEqualTo("header");
    }

    /** The rest is for machines: senders of webhooks, probes, readers of API documents, and the polls that the platform makes itself. */
    @Test
    void showsMakersWhatMakesSenseAsAnAction() {
        List<String> shown = new ArrayList<>();
        swagger.get("paths")
                .forEach(path -> path.forEach(operation -> {
                    if (!operation.path("x-ms-visibility").asText().equals("internal")) {
                        shown.add(operation.get("operationId").textValue());
                    }
                }));

        assertThat(shown).containsExactly("AlertUser", "AlertUsers", "Budget");
    }
}
