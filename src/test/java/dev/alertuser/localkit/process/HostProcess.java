package dev.alertuser.localkit.process;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;

import dev.alertuser.localkit.host.LocalHost;
import dev.alertuser.localkit.host.settings.HostSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The local host in a JVM of its own, so that the functions have an environment of their own, and so that it can be killed. Ends with
 * {@link #close}, or else with this JVM, even one that is killed. A host whose worker ended is started again on its port, as the platform
 * starts its worker again.
 */
public final class HostProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Pattern READY = Pattern.compile(Pattern.quote(LocalHost.READY) + "(\\d+)");
    /** {@code host.json} has the pace of the cloud; nobody wants to wait for that here. */
    private static final Map<String, String> PACE =
            Map.of("AzureFunctionsJobHost__extensions__queues__maxPollingInterval", "00:00:00.2");

    private final Path logFile;
    private final PrintWriter log;
    private final CompletableFuture<Process> end = new CompletableFuture<>();
    private final URI baseUri;
    private ChildProcess process;
    private boolean closed;

    private HostProcess(
            Map<String, String> environment, Path logFile, int port, String functionPackage, Consumer<String> notices) {
        this.logFile = logFile;
        log = open(logFile);
        process = start(program(environment, port, functionPackage), notices);
        try {
            MatchResult ready = process.awaitLines(READY, 1, START).get(0);
            baseUri = URI.create("http://localhost:" + ready.group(1));
        } catch (IllegalStateException e) {
            close();
            throw new IllegalStateException(e.getMessage() + read(logFile), e);
        }
        restartWithWorker(program(environment, baseUri.getPort(), functionPackage), notices, process);
    }

    /** What the functions log goes to the file without this JVM between: whoever has an answer finds there what was logged before it. */
    private ChildProcess start(ProcessBuilder program, Consumer<String> notices) {
        program.redirectError(Redirect.appendTo(logFile.toFile()));
        return ChildProcess.start("the local host", program, line -> {
            log.println(line);
            if (line.startsWith(LocalHost.WAITING)) {
                notices.accept(line);
            }
        });
    }

    private void restartWithWorker(ProcessBuilder program, Consumer<String> notices, ChildProcess running) {
        Thread watch = new Thread(
                () -> {
                    Process ended = running.onEnd().join();
                    if (ended.exitValue() != LocalHost.WORKER_ENDED || !startAgain(program, notices)) {
                        end.complete(ended);
                    }
                },
                "end of the local host");
        watch.setDaemon(true);
        watch.start();
    }

    private synchronized boolean startAgain(ProcessBuilder program, Consumer<String> notices) {
        if (closed) {
            return false;
        }
        process.close();
        process = start(program, notices);
        restartWithWorker(program, notices, process);
        return true;
    }

    /**
     * Starts the app's functions on a free port and waits until they are served.
     *
     * @param environment settings that come before those of this JVM's environment and of {@code local.settings.json}
     * @param logFile what the host and the functions log, made anew
     * @throws IllegalStateException with the host's own output, if it ends early
     */
    public static HostProcess start(Map<String, String> environment, Path logFile) {
        return start(environment, logFile, 0, notice -> {});
    }

    /**
     * The same for another app.
     *
     * @param functionPackage where its functions are
     */
    public static HostProcess start(Map<String, String> environment, Path logFile, String functionPackage) {
        return start(environment, logFile, 0, functionPackage, notice -> {});
    }

    /**
     * The same on a given port.
     *
     * @param notices takes what the host says of itself while it ends
     */
    public static HostProcess start(Map<String, String> environment, Path logFile, int port, Consumer<String> notices) {
        return start(environment, logFile, port, LocalHost.FUNCTIONS, notices);
    }

    static HostProcess start(
            Map<String, String> environment, Path logFile, int port, String functionPackage, Consumer<String> notices) {
        return new HostProcess(environment, logFile, port, functionPackage, notices);
    }

    private static PrintWriter open(Path logFile) {
        try {
            Files.createDirectories(logFile.toAbsolutePath().getParent());
            Files.deleteIfExists(logFile);
            return new PrintWriter(Files.newBufferedWriter(logFile, CREATE_NEW, APPEND), true);
        } catch (IOException e) {
            throw new UncheckedIOException("log of the local host: " + e.getMessage(), e);
        }
    }

    private static String read(Path logFile) {
        try {
            return Files.readString(logFile);
        } catch (IOException e) {
            return "(its log cannot be read: " + e.getMessage() + ")";
        }
    }

    /** With the quick compiler only and without verifying classes, as the platform starts its worker: the second is its {@code -noverify}. */
    private static ProcessBuilder program(Map<String, String> environment, int port, String functionPackage) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder program = new ProcessBuilder(List.of(
                java,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-BytecodeVerificationRemote",
                "-cp",
                JavaProgram.classPath(HostProcess.class.getClassLoader()),
                HostProcess.class.getName(),
                Integer.toString(port),
                functionPackage));
        Map<String, String> settings = new HashMap<>(PACE);
        settings.putAll(System.getenv());
        settings.putAll(environment);
        program.environment().putAll(HostSettings.read(Path.of(""), settings).values());
        return program;
    }

    /** Where the host listens, without a path: {@code http://localhost:7071}. */
    public URI baseUri() {
        return baseUri;
    }

    /** The process that serves now. */
    public synchronized long pid() {
        return process.pid();
    }

    /** Completes when the host has ended, for whatever reason. */
    public CompletableFuture<Process> onEnd() {
        return end;
    }

    /** A crash: no call and no message is finished. Returns when the host is gone. */
    public synchronized void kill() {
        closed = true;
        process.kill();
        log.close();
    }

    /** An orderly end: the host finishes what it is at, for a few seconds. Returns when it is gone. */
    @Override
    public synchronized void close() {
        closed = true;
        process.close();
        log.close();
    }

    /** The child: a host that ends when its standard input does, since then its parent is gone. */
    public static void main(String... arguments) throws IOException {
        CtrlC.ignore();
        Thread watch = new Thread(HostProcess::endWithParent, "parent");
        watch.setDaemon(true);
        watch.start();
        LocalHost.main(arguments);
    }

    private static void endWithParent() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.err.println("standard input broke off: " + e.getMessage());
        }
        System.exit(0);
    }
}
