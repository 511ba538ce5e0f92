package dev.alertuser.endtoend.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** What is uploaded, and loaded at a cold start, is what the app uses. */
class PackageSizeIT {
    private static final long MOST_BYTES = 12_000_000;

    @Test
    void hasNoNativeCode() throws IOException {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(PackagedApp.STAGED.resolve("lib"), "*.jar")) {
            for (Path jar : jars) {
                try (ZipFile entries = new ZipFile(jar.toFile())) {
                    entries.stream()
                            .map(ZipEntry::getName)
                            .filter(name -> name.matches(".*\\.(so|dll|dylib|jnilib)"))
                            .forEach(name -> found.add(jar.getFileName() + ": " + name));
                }
            }
        }

        assertThat(found).isEmpty();
    }

    @Test
    void isSmall() throws IOException {
        AtomicLong bytes = new AtomicLong();
        try (ZipOutputStream zip = new ZipOutputStream(counting(bytes));
                Stream<Path> files = Files.walk(PackagedApp.STAGED)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(
                        new ZipEntry(PackagedApp.STAGED.relativize(file).toString()));
                Files.copy(file, zip);
            }
        }

        assertThat(bytes.get()).isBetween(MOST_BYTES / 2, MOST_BYTES);
    }

    private static OutputStream counting(AtomicLong bytes) {
        return new OutputStream() {
            @Override
            public void write(int one) {
                bytes.incrementAndGet();
            }

            @Override
            public void write(byte[] some, int offset, int length) {
                bytes.addAndGet(length);
            }
        };
    }
}
