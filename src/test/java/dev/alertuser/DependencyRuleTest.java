package dev.alertuser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Imports point one way: functions -> service <- ratelimit, defender, tables, queues; Application joins them. */
class DependencyRuleTest {
    private static final Path MAIN = Path.of("src/main/java/dev/alertuser");
    private static final Pattern OWN = Pattern.compile("import (?:static )?dev\\.alertuser\\.(?:([a-z]+)\\.)?[A-Z]");
    private static final String ROOT = "";

    private static final Map<String, Set<String>> MAY_IMPORT = Map.of(
            ROOT,
            Set.of(ROOT, "service", "ratelimit", "defender", "tables", "queues"),
            "functions",
            Set.of(ROOT, "service", "payload"),
            "payload",
            Set.of("service"),
            "ratelimit",
            Set.of("service", "tables"),
            "defender",
            Set.of("service"),
            "tables",
            Set.of("service"),
            "queues",
            Set.of("service"),
            "service",
            Set.of());

    static Stream<Path> packages() throws IOException {
        try (Stream<Path> paths = Files.walk(MAIN)) {
            return paths.filter(Files::isDirectory).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("packages")
    void importsPointOneWay(Path directory) throws IOException {
        String name = MAIN.relativize(directory).toString();
        assertThat(MAY_IMPORT).containsKey(name);
        for (Path file : sources(directory)) {
            Matcher imports = OWN.matcher(Files.readString(file));
            while (imports.find()) {
                String imported = imports.group(1) == null ? ROOT : imports.group(1);
                assertThat(imported.equals(name) || MAY_IMPORT.get(name).contains(imported))
                        .as("%s may import from %s but has: %s", file, MAY_IMPORT.get(name), imports.group())
                        .isTrue();
            }
        }
    }

    @Test
    void theServiceKnowsNoAzureType() throws IOException {
        for (Path file : sources(MAIN.resolve("service"))) {
            assertThat(Files.readString(file)).as("%s", file).doesNotContain("com.azure", "com.microsoft");
        }
    }

    @Test
    void functionClassesHoldNoStaticState() throws IOException {
        Pattern state = Pattern.compile(
                "(?m)^ {4}(?:private |public |protected )?static (?!final|\\w+ \\w+\\(|class|record|<)");
        for (Path file : sources(MAIN.resolve("functions"))) {
            if (file.toString().endsWith("Function.java")) {
                assertThat(Files.readString(file)).as("%s", file).doesNotContainPattern(state);
            }
        }
    }

    private static List<Path> sources(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
