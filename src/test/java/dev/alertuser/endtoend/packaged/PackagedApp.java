package dev.alertuser.endtoend.packaged;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alertuser.endtoend.packaged.PackageWorker.Answer;
import dev.alertuser.endtoend.packaged.PackageWorker.Call;
import dev.alertuser.functions.http.GivenRequest;
import dev.alertuser.localkit.host.function.LocalTraceContext;
import dev.alertuser.localkit.host.http.LocalHttpResponse;
import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What {@code mvn package} staged, in a JVM that has nothing else on its class path but {@link PackageWorker} and the libraries of the
 * worker, and nothing in its environment but what it is given.
 */
final class PackagedApp implements AutoCloseable {
    static final Path STAGED = Path.of("target", "azure-functions", "defender-alert-user");

    /** As pom.xml puts them there. */
    private static final Path WORKER_LIBRARIES = Path.of("target", "worker-lib");

    /** What a call may take before the process is ended, so that a call that hangs fails its test. */
    private static final int PATIENCE_SECONDS = 60;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final Process process;
    private final ObjectOutputStream calls;
    private final ObjectInputStream answers;
    private final Set<String> called = new HashSet<>();

    private PackagedApp(Path directory, Process process) throws IOException {
        this.directory = directory;
        this.process = process;
        this.calls = new ObjectOutputStream(process.getOutputStream());
        calls.flush();
        this.answers = new ObjectInputStream(process.getInputStream());
    }

    /**
     * Starts it.
     *
     * @param directory that of a staged package
     * @param seed of the order in which its jars are on the class path
     */
    static PackagedApp start(Path directory, Map<String, String> environment, long seed) throws IOException {
        ProcessBuilder program = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                worker() + File.pathSeparator + libraries(),
                PackageWorker.class.getName(),
                directory.toString(),
                Long.toString(seed));
        program.environment().clear();
        program.environment().putAll(environment);
        Path log = Files.createDirectories(Path.of("target", "host-logs")).resolve("packaged.log");
        return new PackagedApp(directory, program.redirectError(log.toFile()).start());
    }

    /** A directory that has the classes of the worker and no other ones of this build. */
    private static Path worker() throws IOException {
        Path target = Path.of("target", "package-worker");
        for (Class<?> type :
                List.of(PackageWorker.class, GivenRequest.class, LocalHttpResponse.class, LocalTraceContext.class)) {
            String name = type.getPackageName().replace('.', '/');
            Path classes = Path.of("target", "test-classes", name);
            Path copies = Files.createDirectories(target.resolve(name));
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(classes, type.getSimpleName() + "{,$*}.class")) {
                for (Path file : files) {
                    Files.copy(file, copies.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        return target;
    }

    private static String libraries() throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(WORKER_LIBRARIES, "*.jar")) {
            List<String> found = new ArrayList<>();
            jars.forEach(jar -> found.add(jar.toString()));
            return found.stream().sorted().collect(Collectors.joining(File.pathSeparator));
        }
    }

    /** All that the package has. */
    Set<String> functions() throws IOException {
        Set<String> names = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (Files.exists(file.resolve("function.json"))) {
                    names.add(file.getFileName().toString());
                }
            }
        }
        return names;
    }

    /** Those that were called. */
    Set<String> called() {
        return called;
    }

    Answer http(String function, String method, Map<String, String> query, String body, Map<String, String> path)
            throws IOException {
        return call(function, method, Map.of(), query, body, path);
    }

    /** A request that the platform's sign-in has let pass. */
    Answer signedIn(Map<String, String> headers, String function, String method, String body, Map<String, String> path)
            throws IOException {
        return call(function, method, headers, Map.of(), body, path);
    }

    Answer get(String function) throws IOException {
        return call(function, "GET", Map.of(), Map.of(), null, Map.of());
    }

    /** @param text what its trigger hands over */
    Answer trigger(String function, String text, Map<String, String> metadata) throws IOException {
        return call(function, "GET", Map.of(), Map.of(), text, metadata);
    }

    private Answer call(
            String function,
            String method,
            Map<String, String> headers,
            Map<String, String> query,
            String text,
            Map<String, String> data)
            throws IOException {
        called.add(function);
        String entryPoint = JSON.readTree(
                        directory.resolve(function).resolve("function.json").toFile())
                .get("entryPoint")
                .textValue();
        CompletableFuture<Void> tooLong = CompletableFuture.runAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        try {
            calls.writeObject(new Call(
                    function,
                    entryPoint,
                    method,
                    "https://app.example.com/api/" + function,
                    headers,
                    query,
                    text,
                    data));
            calls.flush();
            return (Answer) answers.readObject();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        } finally {
            tooLong.cancel(false);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
