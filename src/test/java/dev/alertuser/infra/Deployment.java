package dev.alertuser.infra;

import static dev.alertuser.infra.Repository.json;
import static dev.alertuser.infra.Repository.text;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/**
 * Every resource as it would be deployed, predicted without Azure: names and conditions are evaluated; what only a running
 * deployment knows (the cloud's suffixes, ids of identities) stands there as an expression.
 */
record Deployment(String snapshot, JsonNode root) {
    private static final Path SCRATCH = Path.of("target/infra");

    /** Predicts what a parameters file deploys. */
    static Deployment predict(BicepCli bicep, Path variant) throws IOException, InterruptedException {
        Files.createDirectories(SCRATCH);
        Path copy = SCRATCH.resolve(variant.getFileName());
        Files.writeString(copy, text(variant).replaceAll("(?m)^using '.*/infra/", "using '../../infra/"));
        Command.Outcome outcome = bicep.run(
                "snapshot",
                copy.toString(),
                "--mode",
                "overwrite",
                "--subscription-id",
                "00000000-0000-0000-0000-000000000000",
                "--tenant-id",
                "44444444-4444-4444-4444-444444444444",
                "--location",
                "westeurope",
                "--deployment-name",
                "test");
        if (outcome.exitCode() != 0 || !outcome.err().isEmpty()) {
            throw new IllegalStateException(variant + ": " + outcome.err());
        }
        Path snapshot = SCRATCH.resolve(snapshotName(variant));
        ObjectNode root = (ObjectNode) json(snapshot);
        // The CLI writes the outputs in no fixed order.
        Map<String, JsonNode> outputs = new TreeMap<>();
        root.get("outputs").properties().forEach(output -> outputs.put(output.getKey(), output.getValue()));
        root.putObject("outputs").setAll(outputs);
        Files.writeString(snapshot, pretty(root));
        return new Deployment(text(snapshot), root);
    }

    private static String pretty(JsonNode json) throws IOException {
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(lines);
        printer.indentArraysWith(lines);
        return new ObjectMapper().writer(printer).writeValueAsString(json) + "\n";
    }

    static String snapshotName(Path variant) {
        return variant.getFileName().toString().replace(".bicepparam", ".snapshot.json");
    }

    List<JsonNode> resources() {
        return StreamSupport.stream(root.get("predictedResources").spliterator(), false)
                .toList();
    }

    List<JsonNode> resources(String type) {
        return resources().stream()
                .filter(resource -> resource.get("type").textValue().equals(type))
                .toList();
    }

    /** The properties of the only resource of a type. */
    JsonNode only(String type) {
        List<JsonNode> found = resources(type);
        if (found.size() != 1) {
            throw new AssertionError("one " + type + " expected but found " + found.size());
        }
        return found.get(0).get("properties");
    }

    /** Last segments of the names of all resources of a type. */
    List<String> names(String type) {
        return resources(type).stream()
                .map(resource -> resource.get("name").textValue())
                .map(name -> name.substring(name.lastIndexOf('/') + 1))
                .toList();
    }

    /** The app settings. */
    JsonNode settings() {
        return resources("Microsoft.Web/sites/config").stream()
                .filter(config -> config.get("name").textValue().endsWith("/appsettings"))
                .findFirst()
                .orElseThrow()
                .get("properties");
    }
}
