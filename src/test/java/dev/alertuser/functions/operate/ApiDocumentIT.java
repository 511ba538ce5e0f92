package dev.alertuser.functions.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alertuser.localkit.process.NpmInstallation;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Spectral finds nothing in either form of the API document, not even hints. */
class ApiDocumentIT {
    private static final String SERVER = "https://app.azurewebsites.net/api";

    @Test
    void isCleanOpenApi() throws Exception {
        lint("openapi.json", ApiDocument.openApi(SERVER));
    }

    @Test
    void isCleanSwagger() throws Exception {
        lint("swagger.json", ApiDocument.swagger(SERVER));
    }

    @Test
    void aFaultyDocumentFailsTheLinter() throws Exception {
        ObjectNode broken = ApiDocument.openApi(SERVER);
        broken.remove("paths");

        assertThat(spectral("broken.json", broken)).contains("error");
    }

    private static void lint(String name, ObjectNode document) throws IOException, InterruptedException {
        assertThat(spectral(name, document)).contains("No results with a severity of 'hint' or higher found!");
    }

    private static String spectral(String name, ObjectNode document) throws IOException, InterruptedException {
        Path script = NpmInstallation.of("spectral").resolve(Path.of("@stoplight", "spectral-cli", "dist", "index.js"));
        Path file = Path.of("target", "spectral", name);
        Files.writeString(file, document.toPrettyString());
        Process process = new ProcessBuilder(
                        "node",
                        script.toString(),
                        "lint",
                        file.toString(),
                        "--ruleset",
                        "src/test/spectral/ruleset.yaml",
                        "--fail-severity=hint")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
        process.waitFor();
        return output;
    }
}
