package dev.alertuser.localkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Azurite, the storage emulator, on loopback: blobs, queues and tables. It takes requests as soon as a method that starts it
 * returns, and ends with {@link #close}, or else with this JVM. Not thread-safe.
 */
public final class Azurite implements AutoCloseable {
    private static final String ACCOUNT = "devstoreaccount1";
    /** The published key of every storage emulator: https://learn.microsoft.com/azure/storage/common/storage-use-azurite */
    private static final String KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static final Pattern LISTENING = Pattern.compile(
            "Azurite (Blob|Queue|Table) service is successfully listening at https?://127\\.0\\.0\\.1:(\\d+)");
    private static final Duration START = Duration.ofSeconds(30);
    private static final String IN_MEMORY = "--inMemoryPersistence";
    /** Seconds. Azurite's own 5 s would cut pooled connections under the SDK's hands. */
    private static final String KEEP_ALIVE = "600";

    private final List<String> options;
    private final List<String> accounts;
    private final String key;
    private Ports ports;
    private ChildProcess process;

    /** The ports of one Azurite; 0 stands for a free one. */
    public record Ports(int blob, int queue, int table) {
        /** The ports that {@code UseDevelopmentStorage=true} means. */
        public static final Ports DEFAULT = new Ports(10000, 10001, 10002);

        public static final Ports FREE = new Ports(0, 0, 0);
    }

    private Azurite(List<String> options, List<String> accounts, Ports ports) {
        this(options, accounts, KEY, ports);
    }

    private Azurite(List<String> options, List<String> accounts, String key, Ports ports) {
        this.options = options;
        this.accounts = accounts;
        this.key = key;
        this.ports = ports;
        start();
    }

    /** Starts one on free ports that forgets everything when it stops. */
    public static Azurite inMemory() {
        return inMemory(List.of(ACCOUNT));
    }

    /** The same with accounts of these names, all with one key, in place of the usual one. */
    static Azurite inMemory(List<String> accounts) {
        return new Azurite(List.of(IN_MEMORY), accounts, Ports.FREE);
    }

    /**
     * Starts one on free ports that forgets everything when it stops, speaks TLS and takes tokens: of a token it checks issuer, audience and
     * life. The key of its account is random and told to nobody.
     *
     * @param store PKCS12 with the certificate for 127.0.0.1 and its key
     */
    public static Azurite keyless(Path store, String password) {
        byte[] key = new byte[64];
        new SecureRandom().nextBytes(key);
        return new Azurite(
                List.of(IN_MEMORY, "--oauth", "basic", "--cert", store.toString(), "--pwd", password),
                List.of(ACCOUNT),
                Base64.getEncoder().encodeToString(key),
                Ports.FREE);
    }

    /** Starts one on free ports whose data outlive {@link #stop}, in a directory that is made when missing. */
    public static Azurite at(Path location) {
        return at(location, Ports.FREE);
    }

    /** Starts one on the given ports whose data outlive {@link #stop}, in a directory that is made when missing. */
    public static Azurite at(Path location, Ports ports) {
        try {
            Files.createDirectories(location);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Azurite(List.of("--location", location.toString()), List.of(ACCOUNT), ports);
    }

    /** What {@code AzureWebJobsStorage} takes; the same after {@link #stop} and {@link #start}. */
    public String connectionString() {
        return connectionString(accounts.get(0));
    }

    String connectionString(String account) {
        return connectionString(ports, account);
    }

    /** That of the usual account of one that runs elsewhere on this machine. */
    public static String connectionString(Ports ports) {
        return connectionString(ports, ACCOUNT);
    }

    private static String connectionString(Ports ports, String account) {
        return "DefaultEndpointsProtocol=http;AccountName=" + account + ";AccountKey=" + KEY
                + ";BlobEndpoint=" + endpoint(ports.blob(), account)
                + ";QueueEndpoint=" + endpoint(ports.queue(), account)
                + ";TableEndpoint=" + endpoint(ports.table(), account) + ";";
    }

    private static String endpoint(int port, String account) {
        return "http://" + place(port, account);
    }

    private static String place(int port, String account) {
        return "127.0.0.1:" + port + "/" + account;
    }

    /** The URL of a service of a {@link #keyless} one, whose port this is. */
    public static String secureEndpoint(int port) {
        return "https://" + place(port, ACCOUNT);
    }

    /**
     * Starts it again on the ports that it had before {@link #stop}.
     *
     * @throws IllegalStateException with Azurite's own output, if it ends early
     */
    public void start() {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("Azurite runs already");
        }
        ProcessBuilder program = new ProcessBuilder(command()).redirectErrorStream(true);
        program.environment()
                .put(
                        "AZURITE_ACCOUNTS",
                        accounts.stream().map(account -> account + ":" + key).collect(Collectors.joining(";")));
        process = ChildProcess.start("Azurite", program, line -> {});
        try {
            ports = portsOf(process.awaitLines(LISTENING, 3, START));
        } catch (IllegalStateException e) {
            process.close();
            throw e;
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of("node", "--require"));
        command.add(AzuriteInstallation.endOnce().toString());
        command.add(AzuriteInstallation.script().toString());
        command.addAll(options);
        command.addAll(List.of("--blobPort", "" + ports.blob(), "--blobKeepAliveTimeout", KEEP_ALIVE));
        command.addAll(List.of("--queuePort", "" + ports.queue(), "--queueKeepAliveTimeout", KEEP_ALIVE));
        command.addAll(List.of("--tablePort", "" + ports.table(), "--tableKeepAliveTimeout", KEEP_ALIVE));
        // The SDKs speak newer versions of the storage API than this Azurite knows by name.
        command.addAll(List.of("--skipApiVersionCheck", "--disableTelemetry", "--silent"));
        return command;
    }

    private static Ports portsOf(List<MatchResult> listening) {
        return new Ports(port(listening, "Blob"), port(listening, "Queue"), port(listening, "Table"));
    }

    private static int port(List<MatchResult> listening, String service) {
        return listening.stream()
                .filter(match -> match.group(1).equals(service))
                .mapToInt(match -> Integer.parseInt(match.group(2)))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("Azurite did not name the port of its service " + service));
    }

    /** Completes when this Azurite, of which there is another one after {@link #stop} and {@link #start}, has ended for whatever reason. */
    public CompletableFuture<?> onEnd() {
        return process.onEnd();
    }

    /** As they are, not 0. */
    public Ports ports() {
        return ports;
    }

    public long pid() {
        return process.pid();
    }

    /** An outage: connections are refused until {@link #start}. */
    public void stop() {
        resume();
        process.close();
    }

    /** Another outage: connections are accepted and nothing answers, until {@link #resume}. */
    public void pause() {
        signal("-STOP");
    }

    /** Ends {@link #pause}; without one it does nothing. */
    public void resume() {
        signal("-CONT");
    }

    private void signal(String signal) {
        if (!process.isAlive()) {
            return;
        }
        try {
            new ProcessBuilder("kill", signal, "" + process.pid()).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("kill " + signal + " failed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The same as {@link #stop}. */
    @Override
    public void close() {
        stop();
    }
}
