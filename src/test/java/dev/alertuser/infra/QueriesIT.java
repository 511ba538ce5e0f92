package dev.alertuser.infra;

import static dev.alertuser.infra.Repository.VARIANTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alertuser.localkit.process.NpmInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Microsoft's own language service understands each query as rule or workbook sends it: its syntax, its types and its columns. */
class QueriesIT {
    private static final Path KUSTO = Path.of("src/test/kusto");

    /** The columns of the tables, as Azure Monitor documents them. */
    private static final Path TABLES = KUSTO.resolve("tables.json");

    @TempDir
    private Path directory;

    @Test
    void queriesReadOnlyColumnsThatTheTablesHave() throws Exception {
        assertThat(findings(TABLES, deployed())).isEmpty();
    }

    /** A table of a workspace begins to exist with its first row. A rule whose query fails for a week is switched off. */
    @Test
    void queriesSucceedWhileTheirTablesDoNotExist() throws Exception {
        assertThat(findings(noTables(), deployed()))
                .isNotEmpty()
                .allMatch(finding -> finding.startsWith("Warning KS205 "), "a table that may be missing");
    }

    @Test
    void aColumnThatIsMissingIsFound() throws Exception {
        assertThat(findings(TABLES, List.of(query("wrong.kql", "AppTraces | where Mesage has \"call\""))))
                .containsExactly("Error KS142 in line 1 of wrong.kql: "
                        + "The name 'Mesage' does not refer to any known column, table, variable or function.");
    }

    @Test
    void aTableThatMustExistIsFound() throws Exception {
        assertThat(findings(noTables(), List.of(query("wrong.kql", "AppTraces | count"))))
                .containsExactly("Error KS204 in line 1 of wrong.kql: "
                        + "The name 'AppTraces' does not refer to any known table, tabular variable or function.");
    }

    private Path noTables() throws IOException {
        return Files.writeString(directory.resolve("no-tables.json"), "{}");
    }

    /** All queries as rules and workbook would send them. */
    private List<Path> deployed() throws Exception {
        Deployment deployment = Deployment.predict(BicepCli.find(), VARIANTS.resolve("public-network.bicepparam"));
        List<Path> queries = new ArrayList<>();
        for (JsonNode rule : deployment.resources("Microsoft.Insights/scheduledQueryRules")) {
            for (JsonNode criterion : rule.at("/properties/criteria/allOf")) {
                queries.add(query(
                        rule.get("name").textValue(), criterion.get("query").textValue()));
            }
        }
        String workbook = deployment
                .only("Microsoft.Insights/workbooks")
                .get("serializedData")
                .textValue();
        for (JsonNode item : new ObjectMapper().readTree(workbook).get("items")) {
            if (item.at("/content").has("query")) {
                queries.add(query(
                        item.get("name").textValue(), item.at("/content/query").textValue()));
            }
        }
        assertThat(queries).hasSizeGreaterThanOrEqualTo(QueriesTest.queries().size());
        return queries;
    }

    private Path query(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static List<String> findings(Path database, List<Path> queries) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "node",
                KUSTO.resolve("analyze.cjs").toString(),
                NpmInstallation.of("kusto").toAbsolutePath().toString(),
                database.toString()));
        queries.forEach(query -> command.add(query.toString()));
        Command.Outcome outcome = Command.run(command, Map.of());

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        return outcome.out().lines().toList();
    }
}
