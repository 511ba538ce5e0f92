package dev.alertuser.infra;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files under test. */
final class Repository {
    static final Path INFRA = Path.of("infra");
    static final Path MAIN = INFRA.resolve("main.bicep");
    static final Path TYPES = INFRA.resolve("types.bicep");
    static final Path VARIANTS = Path.of("src/test/resources/infra");
    static final Path CODE = Path.of("src/main/java");

    private static final ObjectMapper JSON = new ObjectMapper();

    private Repository() {}

    static String text(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All files under a directory whose names end in the suffix, in a fixed order. */
    static List<Path> files(Path directory, String suffix) {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the first group of a pattern finds in a text. */
    static Set<String> find(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(TreeSet::new, Set::add, Set::addAll);
    }
}
