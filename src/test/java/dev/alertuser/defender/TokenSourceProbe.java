package dev.alertuser.defender;

import com.azure.core.credential.AccessToken;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Gets tokens in 32 threads from the managed identity of its environment, and prints how many different ones there were. */
final class TokenSourceProbe {
    private static final int THREADS = 32;

    private TokenSourceProbe() {}

    /**
     * Ends with an exception, and so with another exit code than 0, if one of the threads gets no token.
     *
     * @param args the scope, and the client id of a user-assigned identity if it is to be one
     */
    public static void main(String[] args) throws Exception {
        ManagedIdentityCredentialBuilder identity = new ManagedIdentityCredentialBuilder();
        if (args.length > 1) {
            identity.clientId(args[1]);
        }
        TokenSource tokens = new TokenSource(
                identity.build(), args[0], Duration.ofMinutes(2), InstantSource.system(), System::nanoTime);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
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
        threads.shutdown();
    }
}
