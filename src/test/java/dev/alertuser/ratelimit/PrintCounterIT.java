package dev.alertuser.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.Names;
import dev.alertuser.config.Settings;
import dev.alertuser.endtoend.AppTables;
import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.localkit.process.JavaProgram;
import dev.alertuser.service.budget.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PrintCounterIT {
    /** Nobody listens on port 1. */
    private static final String NO_STORAGE =
            "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;"
                    + "TableEndpoint=http://127.0.0.1:1/devstoreaccount1;QueueEndpoint=http://127.0.0.1:1/devstoreaccount1;";

    private record Run(int exitCode, String output) {}

    @Test
    void saysInOneLineThatNoStorageAnswers() throws Exception {
        Run run = run(NO_STORAGE);

        assertThat(run.output()).isEqualTo("""
                No storage answers at 127.0.0.1:1; 'mvn -Plocal' in another terminal starts it.
                """);
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void saysInOneLineThatThereIsNoCounterYet() throws Exception {
        try (Azurite azurite = Azurite.inMemory()) {
            Run run = run(azurite.connectionString());

            assertThat(run.output()).isEqualTo("There is no counter yet; the first call of the app makes it.\n");
            assertThat(run.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void printsTheRowInWords() throws Exception {
        try (Azurite azurite = Azurite.inMemory()) {
            DurableRateLimiter limiter = DurableRateLimiter.create(
                    AppTables.table(azurite.connectionString(), Names.BUDGET_TABLE),
                    "some|budget",
                    Settings.from(Map.of("AzureWebJobsStorage", azurite.connectionString()))
                            .policy());
            Newcomer.acquire(limiter, Priority.INTERACTIVE, Duration.ofSeconds(10));

            Run run = run(azurite.connectionString());

            assertThat(run.output())
                    .startsWith("\nThe budget 'some|budget'\n  row")
                    .containsPattern("window +PT1M: [1-3] of 100 permits charged")
                    .containsPattern("window +PT1H: [1-3] of 1500 permits charged");
            assertThat(run.exitCode()).isZero();
        }
    }

    private static Run run(String storage) throws Exception {
        ProcessBuilder program = JavaProgram.of(PrintCounter.class);
        program.environment().put("AzureWebJobsStorage", storage);
        Process process = program.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), output);
    }
}
