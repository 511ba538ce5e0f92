package dev.alertuser.infra;

import static dev.alertuser.infra.Repository.INFRA;
import static dev.alertuser.infra.Repository.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.functions.operate.OperateOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @Test
    void showsMakersNothingThatIsForMachines() {
        for (String path : new String[] {"/lookups/{lookupId}", "/openapi.json", "/swagger.json"}) {
            swagger.get("paths")
                    .get(path)
                    .forEach(operation -> assertThat(
                                    operation.get("x-ms-visibility").textValue())
                            .as(path)
                            .isEqualTo("internal"));
        }
    }
}
