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
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The queries of alert rules and workbook name only what is logged. */
class QueriesTest {
    private static final Path LINES = INFRA.resolve("queries/lines.kql");

    /** Columns of Application Insights and of storage's own logs. */
    private static final Set<String> PLATFORM_COLUMNS =
            Set.of("AppTraces", "Message", "OperationId", "OperationName", "StorageQueueLogs", "TimeGenerated", "Uri");

    private static final Set<String> LANGUAGE = Set.of(
            "ago",
            "and",
            "asc",
            "barchart",
            "bin",
            "by",
            "count",
            "countif",
            "datetime_diff",
            "desc",
            "extend",
            "has",
            "in",
            "isnotempty",
            "isnotnull",
            "let",
            "max",
            "min",
            "now",
            "or",
            "order",
            "parse_json",
            "percentile",
            "project",
            "render",
            "startswith",
            "strcat",
            "sum",
            "summarize",
            "timechart",
            "toint",
            "tolong",
            "toscalar",
            "tostring",
            "union",
            "where");

    static List<Path> queries() {
        return files(INFRA.resolve("queries"), ".kql").stream()
                .filter(file -> !file.equals(LINES))
                .toList();
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
    void queryNamesOnlyColumnsThatExist(Path query) {
        assertThat(unknownNames(text(query))).isEmpty();
    }

    private static Set<String> unknownNames(String query) {
        String kql = withoutComments(query);
        Set<String> unknown = new TreeSet<>(find("\\b([A-Za-z_]\\w*)\\b", withoutStrings(kql)));
        unknown.removeAll(LANGUAGE);
        unknown.removeAll(PLATFORM_COLUMNS);
        unknown.removeAll(find("(\\w+) =", withoutComments(text(LINES))));
        find("(\\w+) = ", kql).forEach(unknown::remove);
        return unknown;
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

    @Test
    void aMisspeltColumnIsFound() {
        assertThat(unknownNames(
                        "calls | where Outcome == \"found\" | summarize Calls = count() by bin(TimeGenerated, 1h)"))
                .isEmpty();
        assertThat(unknownNames("calls | where Outcme == \"found\"")).containsExactly("Outcme");
    }

    private static String withoutComments(String kql) {
        return kql.replaceAll("(?m)^\\s*//.*$", "");
    }

    private static String withoutPlatform(String kql) {
        // Storage's own operations.
        return kql.replaceAll("OperationName == \"\\w+\"", "");
    }

    private static String withoutStrings(String kql) {
        // A number with its unit, as in 15m, is no name either.
        return kql.replaceAll("\"[^\"]*\"|'[^']*'|\\b\\d+[a-z]*\\b", " ");
    }
}
