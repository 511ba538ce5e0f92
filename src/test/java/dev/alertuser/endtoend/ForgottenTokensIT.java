package dev.alertuser.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.localkit.fake.FakeUser;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tokens of users are in memory for as long as their sign-in lasts, and no longer: a dump of the heap tells. */
class ForgottenTokensIT {
    @Test
    void noTokenIsLeftOnceTheSignInHasEnded() throws Exception {
        try (RunningApp app = RunningApp.startWithSignIn("forgotten-tokens", Map.of())) {
            Duration life = Duration.ofSeconds(15);
            long start = System.nanoTime();
            String token = app.entra().tokenOf(FakeUser.ADA, life);
            assertThat(app.get("/api/me/alerts/da" + UUID.randomUUID() + "/user", "Authorization", "Bearer " + token)
                            .statusCode())
                    .isEqualTo(200);
            String forDefender = app.entra().issued().get(0);
            Path during = dump(app, "during");
            assertThat(holds(during, signature(token))).isTrue();
            assertThat(holds(during, signature(forDefender))).isTrue();

            Thread.sleep(Math.max(0, life.toMillis() + 1000 - (System.nanoTime() - start) / 1_000_000));
            // The local host's own buffer holds the caller's request until a longer one comes over that connection.
            app.user("da" + UUID.randomUUID(), "x-padding", "x".repeat(4000));

            Path after = dump(app, "after");
            assertThat(holds(after, signature(token))).isFalse();
            assertThat(holds(after, signature(forDefender))).isFalse();
        }
    }

    private static String signature(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }

    /** What is reachable. */
    private static Path dump(RunningApp app, String name) throws IOException, InterruptedException {
        Path file = Path.of("target", "host-logs", "heap-" + name + ".hprof").toAbsolutePath();
        Files.deleteIfExists(file);
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(app.pid()),
                        "GC.heap_dump",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(jcmd.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(file).exists();
        return file;
    }

    /** Whether the text is in it; the JVM keeps such a text with one byte for each character. */
    private static boolean holds(Path dump, String text) throws IOException {
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(dump), 1 << 20)) {
            int matched = 0;
            for (int next = in.read(); next >= 0; next = in.read()) {
                // Of a random text, no proper beginning is found again within itself but for its first character.
                matched = next == wanted[matched] ? matched + 1 : next == wanted[0] ? 1 : 0;
                if (matched == wanted.length) {
                    return true;
                }
            }
        }
        return false;
    }
}
