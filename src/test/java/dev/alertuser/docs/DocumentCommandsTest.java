package dev.alertuser.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Maven's commands in the documents name profiles and classes that exist. */
class DocumentCommandsTest {
    private static final Pattern MAVEN = Pattern.compile("mvn [^`\n#]*");

    static List<String> mavenCommands() {
        return MarkdownDocument.all().stream()
                .flatMap(document -> MAVEN.matcher(document.text()).results())
                .map(command -> command.group().strip())
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("mavenCommands")
    void namesProfilesAndClassesThatExist(String command) throws Exception {
        assertThat(profiles()).containsAll(values(command, "-P(\\w+)"));
        assertThat(values(command, "-Dexec\\.mainClass=([\\w.]+)"))
                .allMatch(name -> Files.exists(Path.of("src/test/java", name.replace('.', '/') + ".java")));
        for (String test : values(command, "-Dtest=(\\w+)")) {
            assertThat(filesNamed(test + ".java")).as(test).isNotEmpty();
        }
    }

    private static List<Path> filesNamed(String name) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            return files.filter(file -> file.endsWith(name)).toList();
        }
    }

    private static List<String> values(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(value -> value.group(1))
                .toList();
    }

    private static List<String> profiles() throws IOException {
        return values(Files.readString(Path.of("pom.xml")), "<profile>\\s*<id>(\\w+)</id>");
    }
}
