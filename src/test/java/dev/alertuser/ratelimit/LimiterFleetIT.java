package dev.alertuser.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.localkit.Azurite;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real processes, a real table: together they never exceed the limits, and they use them. */
class LimiterFleetIT {
    private static final int SECONDS = 25;
    private static Azurite azurite;

    @BeforeAll
    static void start() {
        azurite = Azurite.inMemory();
    }

    @AfterAll
    static void stop() {
        azurite.close();
    }

    @ParameterizedTest(name = "{0} processes of {1} threads")
    @CsvSource({"1, 16", "4, 4"})
    void neverExceedTheLimitsInAnyWindow(int processes, int threads) throws Exception {
        String key = UUID.randomUUID().toString();
        List<Process> fleet = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            fleet.add(start(key, threads));
        }
        List<Long> used = new ArrayList<>();
        for (Process process : fleet) {
            try (BufferedReader output = process.inputReader()) {
                output.lines().map(Long::valueOf).forEach(used::add);
            }
            assertThat(process.waitFor()).isZero();
        }
        Collections.sort(used);

        List<Long> charged = slots(key);
        for (Quota quota : LimiterProcess.POLICY.quotas()) {
            long window = quota.window().toMillis();
            assertThat(mostWithin(used, window))
                    .as("calls in any %s", quota.window())
                    .isLessThanOrEqualTo(quota.permits());
            assertThat(mostWithin(charged, LimiterProcess.POLICY.span(quota)))
                    .as("slots in any %s and its margin", quota.window())
                    .isLessThanOrEqualTo(quota.permits());
        }
        assertThat(used.size()).as("permits used in %s s", SECONDS).isGreaterThan(200);
    }

    private static Process start(String key, int threads) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LimiterProcess.class.getName(),
                        azurite.connectionString(),
                        key,
                        Integer.toString(threads),
                        Integer.toString(SECONDS))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static List<Long> slots(String key) {
        TableClientBuilder table = new TableClientBuilder()
                .connectionString(azurite.connectionString())
                .tableName("AlertUserBudget");
        PermitLog log = new TableCounterStore(table, new StorageClock(System::nanoTime), key)
                .read()
                .counter()
                .log();
        List<Long> slots = new ArrayList<>();
        for (int i = 0; i < log.size(); i++) {
            slots.add(log.slot(i));
        }
        return slots;
    }

    /** The most moments in any window of that length, in milliseconds; sorted moments. */
    private static int mostWithin(List<Long> moments, long window) {
        int most = 0;
        int first = 0;
        for (int last = 0; last < moments.size(); last++) {
            while (moments.get(last) - moments.get(first) >= window) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }
}
