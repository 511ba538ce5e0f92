package dev.alertuser.infra;

import static dev.alertuser.infra.Repository.CODE;
import static dev.alertuser.infra.Repository.INFRA;
import static dev.alertuser.infra.Repository.TYPES;
import static dev.alertuser.infra.Repository.files;
import static dev.alertuser.infra.Repository.find;
import static dev.alertuser.infra.Repository.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.docs.MarkdownDocument;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Queues, tables and functions have one name each, in code and infrastructure. */
class NamesTest {
    static final List<String> QUEUES =
            List.of("alert-user-requests", "alert-user-results", "alert-user-requests-poison");
    static final List<String> TABLES = List.of("AlertUserBudget", "AlertUserLookups");

    private static final String NAMES = text(INFRA.resolve("storage/names.bicep"));

    @Test
    void infrastructureMakesTheQueuesAndTables() {
        assertThat(find("'(alert-user-[a-z-]+)'", NAMES)).containsExactlyInAnyOrderElementsOf(QUEUES);
        assertThat(find("'(AlertUser\\w+)'", NAMES)).containsExactlyInAnyOrderElementsOf(TABLES);
    }

    @Test
    void everyFunctionOfTheCodeCanBeDisabledAndNoOther() {
        assertThat(find("^ {2}\\| '(\\w+)'$", text(TYPES))).isEqualTo(find("@FunctionName\\(\"(\\w+)\"\\)", code()));
    }

    @Test
    void codeUsesTheQueuesThatInfrastructureMakes() {
        Set<String> used = find("\"(alert-user-[a-z-]+)\"", code());

        assertThat(used).containsExactlyInAnyOrderElementsOf(QUEUES);
    }

    @Test
    void codeUsesTheTablesThatInfrastructureMakes() {
        Set<String> used = find("\"(AlertUser(?:Budget|Lookups)\\w*)\"", code());

        assertThat(used).containsExactlyInAnyOrderElementsOf(TABLES);
    }

    @Test
    void nothingElseInInfraOrTheDocumentsNamesAnotherQueue() {
        Stream<String> infra = files(INFRA, "").stream()
                .filter(file -> file.toString().matches(".*\\.(bicep|kql|json|sh)"))
                .map(Repository::text);
        Stream<String> documents = MarkdownDocument.all().stream().map(MarkdownDocument::text);
        String everything = Stream.concat(infra, documents).collect(Collectors.joining("\n"));

        assertThat(find("\\b(alert-user-re[a-z]+(?:-poison)?)\\b", everything))
                .isSubsetOf(
                        "alert-user-requests",
                        "alert-user-results",
                        "alert-user-requests-poison",
                        // Default names of the two sample workflows.
                        "alert-user-request",
                        "alert-user-result");
    }

    private static String code() {
        return files(CODE, ".java").stream().map(Repository::text).collect(Collectors.joining("\n"));
    }
}
