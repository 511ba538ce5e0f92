package dev.alertuser.localkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.azure.data.tables.TableClientBuilder;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.alertuser.Names;
import dev.alertuser.config.Settings;
import dev.alertuser.localkit.LocalKit.Place;
import dev.alertuser.localkit.fake.FakeDefender;
import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.AlertUser;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.tables.TableAnswerCache;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user of {@code mvn -Plocal} sees, on other ports than the usual ones. */
class LocalKitIT {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(console, true, UTF_8);

    @Test
    void showsTheMainJobAndLogsNoError() throws Exception {
        assertThat(runOnce(false)).as("exit code; it said\n%s", console).isZero();

        assertThat(said()).contains("1. Over HTTP", "2. Through a queue", "Both answers are right.");
        assertThat(Files.readString(place(0).log())).doesNotContain("SEVERE", "WARNING", "\tat ");
    }

    @Test
    void startsCleanAndSaysSo() throws Exception {
        leaveRequests(200);

        assertThat(runOnce(false)).as("exit code; it said\n%s", console).isZero();

        assertThat(said()).contains("Both answers are right.", "-Dlocal.keep");
    }

    @Test
    void tellsWhatIsBeforeItsRequestWhenItKeepsTheDataOfTheRunBefore() throws Exception {
        leaveRequests(200);

        assertThat(runOnce(true)).as("exit code; it said\n%s", console).isZero();

        assertThat(said())
                .containsPattern("Goes on with the data of the run before: \\d{2,} requests in the queue;"
                        + " calls used: hour \\d+, minute \\d+\\. Without -Dlocal\\.keep it starts clean\\.")
                .doesNotContain("went wrong");
    }

    @Test
    void tellsOfATakenPortInOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run(place(taken.getLocalPort()), false)).isEqualTo(1);

            assertThat(said().lines().skip(3))
                    .containsExactly("Port " + taken.getLocalPort()
                            + ", which the fake Defender needs, is taken. Does another one of these run?");
        }
    }

    @Test
    void leavesTheDataAloneWhenAnotherKitRuns() throws Exception {
        Path data = Files.createDirectories(place(0).data());
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            run(place(taken.getLocalPort()), false);
        }

        assertThat(data).exists();
    }

    @Test
    void endsWhenAzuriteDoes() throws Exception {
        LocalKit kit = new LocalKit(place(0), false, false, out);
        try {
            CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(() -> kit.run(false));
            Matcher azurite = await("kill -STOP (\\d+)");
            ProcessHandle.of(Long.parseLong(azurite.group(1))).orElseThrow().destroyForcibly();

            assertThat(exitCode.get(30, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(said())
                    .endsWith("\nAzurite has ended, and all the rest with it."
                            + " 'mvn -Plocal -Dlocal.keep' goes on with its data.\n");
        } finally {
            kit.close();
        }
    }

    @Test
    void printsLinesThatWorkAsTheyStand() throws Exception {
        LocalKit kit = new LocalKit(place(0), false, true, out);
        CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(() -> kit.run(false));
        await("Ctrl-C ends all of it");

        List<String> answers = new ArrayList<>();
        for (String line :
                said().lines().filter(line -> line.startsWith("  curl ")).toList()) {
            answers.add(answer(line));
        }
        assertThat(answers).containsExactly("304", "", "200", "400", "404", "503", "", "200", "403");

        kit.close();

        exitCode.get(30, TimeUnit.SECONDS);
        assertThat(said()).endsWith("\nCtrl-C ends all of it.\n");
    }

    @Test
    void exitsWith1WhenAnAnswerIsWrong() throws Exception {
        int defenderPort = freePort();
        try (Azurite azurite = Azurite.at(place(0).data())) {
            Map<String, String> environment = Map.of(
                    "AzureWebJobsStorage",
                    azurite.connectionString(),
                    "DEFENDER_API_URL",
                    "http://127.0.0.1:" + defenderPort);
            Settings settings = Settings.from(environment);
            new TableAnswerCache(
                            new TableClientBuilder()
                                    .connectionString(azurite.connectionString())
                                    .tableName(Names.LOOKUPS_TABLE),
                            settings.lookupsKey(),
                            InstantSource.system())
                    .put(
                            new AlertId(FakeDefender.SEED_ALERT),
                            new Found(
                                    new AlertUser("{\"id\":\"another\"}", "another", null, null, null),
                                    new Origin(Source.CACHED, Instant.now(), null)));
        }

        assertThat(run(place(defenderPort), true))
                .as("exit code; it said\n%s", console)
                .isEqualTo(1);

        assertThat(said()).contains("That went wrong; the reason stands in");
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** The status that the line prints, or nothing if it prints none and the answer is JSON. */
    private static String answer(String line) throws IOException, InterruptedException {
        Process bash =
                new ProcessBuilder("bash", "-c", line).redirectErrorStream(true).start();
        String output = new String(bash.getInputStream().readAllBytes(), UTF_8);
        assertThat(bash.waitFor()).as("exit code of %s: %s", line, output).isZero();
        // Of several answers, one of which leads to the next, the last counts.
        return output.startsWith("HTTP/")
                ? output.substring(output.lastIndexOf("HTTP/1.1 ")).split(" ", 3)[1]
                : JsonMapper.builder().build().readTree(output).isObject() ? "" : output;
    }

    private Place place(int defenderPort) {
        return new Place(
                directory.resolve("azurite"), directory.resolve("host.log"), Azurite.Ports.FREE, defenderPort, 0);
    }

    private int runOnce(boolean keep) {
        try (LocalKit kit = new LocalKit(place(0), keep, false, out)) {
            return kit.run(true);
        }
    }

    private int run(Place place, boolean keep) {
        try (LocalKit kit = new LocalKit(place, keep, false, out)) {
            return kit.run(true);
        }
    }

    /** As a run with a spent budget leaves them. */
    private void leaveRequests(int count) {
        try (Azurite azurite = Azurite.at(place(0).data())) {
            AppQueues queues = new AppQueues(azurite.connectionString());
            for (int i = 0; i < count; i++) {
                queues.send("alert_" + i, UUID.randomUUID().toString());
            }
        }
    }

    private String said() {
        return console.toString(UTF_8).replace("\r", "");
    }

    private Matcher await(String pattern) throws InterruptedException {
        Pattern compiled = Pattern.compile(pattern);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            Matcher found = compiled.matcher(said());
            if (found.find()) {
                return found;
            }
            assertThat(System.nanoTime()).as("time; it said\n%s", said()).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}
