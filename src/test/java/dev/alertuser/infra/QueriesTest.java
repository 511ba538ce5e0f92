package dev.alertuser.infra;

import static dev.alertuser.infra.Repository.INFRA;
import static dev.alertuser.infra.Repository.files;
import static dev.alertuser.infra.Repository.find;
import static dev.alertuser.infra.Repository.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.functions.FunctionMethods;
import dev.alertuser.functions.http.LogLines;
import dev.alertuser.functions.operate.OperateOutput;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The queries of alert rules and workbook name only what is logged. What else they name, QueriesIT looks at. */
class QueriesTest {
    private static final Path LINES = INFRA.resolve("queries/lines.kql");

    static List<Path> queries() {
        return files(INFRA.resolve("queries"), ".kql").stream()
                .filter(file -> !file.equals(LINES))
                .toList();
    }

    @Test
    void linesReadsEachKindOfLine() {
        assertThat(find("\\{\"event\":\"(\\w+)\"", text(LINES)))
                .containsExactlyInAnyOrder("call", "budget", "budgetOfUsers", "purge");
    }

    @Test
    void linesNamesOnlyFieldsThatTheAppWrites() throws Exception {
        String lines = text(LINES);
        String calls = lines.substring(0, lines.indexOf("let windows"));
        String budget = lines.substring(lines.indexOf("let windows"), lines.indexOf("let purges"));
        String purge = lines.substring(lines.indexOf("let purges"));

        assertThat(LogLines.callFields())
                .containsAll(find("\\bline\\.(\\w+)", calls))
                .containsAll(find("\\{\"(\\w+)\":", calls));
        assertThat(LogLines.budgetFields())
                .containsAll(find("\\b(?:line|window)\\.(\\w+)", budget))
                .containsAll(find("\\{\"(\\w+)\":", budget));
        assertThat(OperateOutput.purgeFields())
                .containsAll(find("\\bline\\.(\\w+)", purge))
                .containsAll(find("\\{\"(\\w+)\":", purge));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void queryNamesOnlyFunctionsOfTheApp(Path query) throws Exception {
        assertThat(FunctionMethods.names()).containsAll(find("\"([A-Z]\\w*)\"", withoutPlatform(text(query))));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void queryNamesOnlySourcesOfAnswers(Path query) {
        assertThat(Set.of("defender", "kept", "shared")).containsAll(find("Source == \"(\\w*)\"", text(query)));
    }

    @Test
    void everyQueryIsUsed() {
        String bicep = files(INFRA.resolve("monitor"), ".bicep").stream()
                .map(Repository::text)
                .collect(Collectors.joining());

        assertThat(files(INFRA.resolve("queries"), ".kql"))
                .allMatch(file -> bicep.contains("../queries/" + file.getFileName()));
    }

    private static String withoutPlatform(String kql) {
        // Storage's own operations.
        return kql.replaceAll("OperationName == \"\\w+\"", "");
    }
}
