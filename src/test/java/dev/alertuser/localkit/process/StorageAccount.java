package dev.alertuser.localkit.process;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;

/**
 * Storage accounts for tests that neither stop nor disturb their storage, and leave nothing running in it: each gets an empty account of
 * its own, and all share one Azurite, which ends with this JVM.
 */
public final class StorageAccount {
    private static final int AT_MOST = 200;
    private static final Queue<String> UNUSED = new ArrayDeque<>();
    private static Azurite azurite;

    private StorageAccount() {}

    /** The connection string of an account that nobody has used. */
    public static synchronized String unused() {
        if (azurite == null) {
            List<String> accounts = IntStream.rangeClosed(1, AT_MOST)
                    .mapToObj(number -> "account" + number)
                    .toList();
            azurite = Azurite.inMemory(accounts);
            UNUSED.addAll(accounts);
        }
        return azurite.connectionString(UNUSED.remove());
    }
}
