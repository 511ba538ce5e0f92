package dev.alertuser.localkit;

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
 * Azurite as npm installs it from {@code src/test/azurite/package-lock.json}, once for the whole build directory. Test JVMs
 * that run side by side wait for the first one to finish.
 */
final class AzuriteInstallation {
    private static final Path SOURCE = Path.of("src", "test", "azurite");
    private static final Path TARGET = Path.of("target", "azurite");
    private static final String LOCK_FILE = "package-lock.json";

    private AzuriteInstallation() {}

    /** The script that node runs. Installs it first when it is not there, which takes about 15 s and needs the network. */
    static synchronized Path script() {
        try {
            Files.createDirectories(TARGET);
            try (FileChannel channel = FileChannel.open(
                            TARGET.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !isInstalled()) {
                    install();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Azurite could not be installed: " + e.getMessage(), e);
        }
        return TARGET.resolve(Path.of("node_modules", "azurite", "dist", "src", "azurite.js"));
    }

    /** Makes Azurite end when its standard input does, and in order. */
    static Path endOnce() {
        return SOURCE.resolve("end-once.cjs").toAbsolutePath();
    }

    private static boolean isInstalled() throws IOException {
        Path installed = TARGET.resolve("installed.json");
        return Files.exists(installed) && Files.mismatch(installed, SOURCE.resolve(LOCK_FILE)) == -1;
    }

    private static void install() throws IOException {
        System.out.println("Installing Azurite with npm into " + TARGET + " (once, about 15 s) ...");
        copy("package.json", "package.json");
        copy(LOCK_FILE, LOCK_FILE);
        String npm = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows") ? "npm.cmd" : "npm";
        Process process = startNpm(new ProcessBuilder(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(TARGET.toFile()));
        String output = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
        if (exitCode(process) != 0) {
            throw new IOException("npm ci failed in " + TARGET.toAbsolutePath() + ":\n" + output);
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

    private static void copy(String source, String target) throws IOException {
        Files.copy(SOURCE.resolve(source), TARGET.resolve(target), StandardCopyOption.REPLACE_EXISTING);
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
