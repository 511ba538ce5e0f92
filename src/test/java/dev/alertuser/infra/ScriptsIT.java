package dev.alertuser.infra;

import static dev.alertuser.infra.LoudAssumption.assumeLoudly;
import static dev.alertuser.infra.Repository.INFRA;
import static dev.alertuser.infra.Repository.files;
import static dev.alertuser.infra.Repository.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** shellcheck finds nothing in any script for a shell: those in files of their own, and those within workflows and hooks. */
class ScriptsIT {
    /** The shell, where one is named just before; the indentation; how the script is written; its lines, if it has lines of its own. */
    private static final Pattern RUN =
            Pattern.compile("(?m)(?:^ +shell: (\\w+)\n)?^( +)(?:- )?run: (\\S.*)\n((?:\\2 .*\n|\n)*)");

    @TempDir
    private Path directory;

    private String shellcheck;

    /** A script with its place, and the shell that runs it. */
    record Script(String place, String shell, String text) {
        @Override
        public String toString() {
            return place;
        }
    }

    @BeforeEach
    void findShellcheck() {
        Optional<Path> found = Command.onPath("shellcheck");
        assumeLoudly(found.isPresent(), "the scripts, for want of shellcheck; on Debian: apt-get install shellcheck");
        shellcheck = found.orElseThrow().toString();
    }

    static List<Script> scripts() {
        List<Script> scripts = new ArrayList<>();
        Stream.concat(Stream.of(Path.of(".ci/run")), files(INFRA, ".sh").stream())
                .forEach(file -> scripts.add(new Script(file.toString(), "bash", text(file))));
        Stream.concat(Stream.of(Path.of("azure.yaml")), files(Path.of(".github/workflows"), ".yml").stream())
                .forEach(file -> scripts.addAll(within(file.toString(), text(file))));
        return scripts;
    }

    private static List<Script> within(String file, String yaml) {
        return RUN.matcher(yaml)
                .results()
                .map(run -> new Script(
                        file + ":"
                                + (1 + yaml.substring(0, run.start(2)).lines().count()),
                        // GitHub's bash ends at the first command that fails.
                        run.group(1) == null ? "bash" : run.group(1),
                        (run.group(1) == null ? "set -e\n" : "") + script(run.group(3), run.group(4)) + "\n"))
                // PowerShell.
                .filter(script -> !script.shell().equals("pwsh"))
                .toList();
    }

    private static String script(String style, String lines) {
        String block = lines.stripTrailing().stripIndent();
        return switch (style) {
            case "|" -> block;
            case ">-" -> block.replace('\n', ' ');
            default -> style;
        };
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void shellcheckFindsNothing(Script script) throws Exception {
        assertThat(findings(script)).isEmpty();
    }

    @Test
    void scriptsWithinWorkflowsAndHooksAreFound() {
        assertThat(scripts().stream().map(Script::text))
                .anyMatch(text -> text.startsWith("set -e\nshellcheck infra/*.sh"))
                .anyMatch(text -> text.startsWith("set -e\npassed=$(gh api"))
                .anyMatch(text -> text.startsWith("set -e\nmvn ") && text.contains(" test -Dtest="))
                .anyMatch(text -> text.contains("infra/grant.sh --check"))
                .noneMatch(text -> text.contains("Write-Host"));
    }

    @Test
    void aFaultInAScriptIsFound() throws Exception {
        List<Script> scripts = within("wrong.yml", """
                jobs:
                  job:
                    steps:
                      - name: Show
                        run: |
                          cat $HOME
                      - run: read line
                """);

        assertThat(scripts).extracting(Script::place).containsExactly("wrong.yml:5", "wrong.yml:7");
        assertThat(findings(scripts.get(0))).contains("SC2086");
        assertThat(findings(scripts.get(1))).contains("SC2162");
    }

    private String findings(Script script) throws Exception {
        Path file = Files.writeString(directory.resolve("script"), script.text());
        return Command.run(List.of(shellcheck, "--shell=" + script.shell(), file.toString()), Map.of())
                .out();
    }
}
