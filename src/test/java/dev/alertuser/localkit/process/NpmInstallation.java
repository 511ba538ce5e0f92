package dev.alertuser.localkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * Packages as npm installs them from {@code src/test/NAME/package-lock.json} into {@code target/NAME}, once for the whole build directory.
 * Test JVMs that run side by side wait for the first one to finish.
 */
public final class NpmInstallation {
    private static final String LOCK_FILE = "package-lock.json";

    private final String name;
    private final Path source;
    private final Path target;

    private NpmInstallation(String name) {
        this.name = name;
        this.source = Path.of("src", "test", name);
        this.target = Path.of("target", name);
    }

    /**
     * The directory {@code node_modules}. Installs it first when it is not there, which takes about 15 s and needs the network.
     *
     * @param name of a directory in {@code src/test}
     */
    public static synchronized Path of(String name) {
        return new NpmInstallation(name).modules();
    }

    private Path modules() {
        try {
            Files.createDirectories(target);
            try (FileChannel channel = FileChannel.open(
                            target.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !isInstalled()) {
                    install();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(name + " could not be installed: " + e.getMessage(), e);
        }
        return target.resolve("node_modules");
    }

    private boolean isInstalled() throws IOException {
        Path installed = target.resolve("installed.json");
        return Files.exists(installed) && Files.mismatch(installed, source.resolve(LOCK_FILE)) == -1;
    }

    private void install() throws IOException {
        System.out.println("Installing " + name + " with npm into " + target + " (once, about 15 s) ...");
        copy("package.json", "package.json");
        copy(LOCK_FILE, LOCK_FILE);
        String npm = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows") ? "npm.cmd" : "npm";
        Process process = startNpm(new ProcessBuilder(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(target.toFile()));
        String output = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
        if (exitCode(process) != 0) {
            throw new IOException("npm ci failed in " + target.toAbsolutePath() + ":\n" + output);
        }
        copy(LOCK_FILE, "installed.json");
    }

    private static Process startNpm(ProcessBuilder npm) throws IOException {
        try {
            return npm.redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IOException("npm is not on the PATH; it comes with Node.js 20 or newer", e);
        }
    }

    private void copy(String from, String to) throws IOException {
        Files.copy(source.resolve(from), target.resolve(to), StandardCopyOption.REPLACE_EXISTING);
    }

    private static int exitCode(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroy();
            throw new IOException("interrupted", e);
        }
    }
}
