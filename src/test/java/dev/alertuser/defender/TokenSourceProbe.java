package dev.alertuser.defender;

import com.azure.core.credential.AccessToken;
import dev.alertuser.config.Credentials;
import dev.alertuser.config.Settings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Gets tokens in 32 threads with the app's own credential and the settings of its environment, and prints how many different ones there were. */
final class TokenSourceProbe {
    private static final int THREADS = 32;

    private TokenSourceProbe() {}

    /** Ends with an exception, and so with another exit code than 0, if one of the threads gets no token. */
    public static void main(String[] args) throws Exception {
        Settings settings = Settings.from(System.getenv());
        TokenSource tokens = new TokenSource(
                Credentials.forDefender(settings),
                settings.defenderScope(),
                Duration.ofMinutes(2),
                InstantSource.system(),
                System::nanoTime);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        CountDownLatch allThere = new CountDownLatch(THREADS);
        List<Future<AccessToken>> got = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            got.add(threads.submit(() -> {
                allThere.countDown();
                allThere.await();
                return tokens.get(Duration.ofSeconds(10));
            }));
        }
        List<String> different = new ArrayList<>();
        for (Future<AccessToken> token : got) {
            if (!different.contains(token.get().getToken())) {
                different.add(token.get().getToken());
            }
        }
        System.out.println(got.size() + " callers, " + different.size() + " token");
    }
}
