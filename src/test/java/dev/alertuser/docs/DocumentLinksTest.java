package dev.alertuser.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every link of every Markdown file leads somewhere. Links to other hosts are only read, not followed. */
class DocumentLinksTest {
    private static final Pattern SCHEME = Pattern.compile("(?i)^([a-z][a-z0-9+.-]*):.*|^//.*");

    static List<MarkdownDocument> documents() {
        return MarkdownDocument.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    void everyLinkLeadsSomewhere(MarkdownDocument document) {
        assertThat(problems(document, Path.of(""))).isEmpty();
    }

    @Test
    void findsTheDocumentsOfTheRepository() {
        assertThat(documents().stream().map(MarkdownDocument::toString))
                .contains(
                        "README.md",
                        "infra/README.md",
                        "infra/sentinel-playbook/readme.md",
                        "src/docs/callers.md",
                        "src/main/java/dev/alertuser/ratelimit/README.md")
                .noneMatch(file -> file.contains("node_modules") || file.startsWith("target"));
    }

    @Test
    void reportsEachKindOfBrokenLink(@TempDir Path root) throws Exception {
        Files.createDirectory(root.resolve("docs"));
        Files.writeString(root.resolve("docs/other.md"), "# Other\n\n## A part\n");
        Files.writeString(root.resolve("docs/data.json"), "{}");
        Path file = Files.writeString(root.resolve("docs/links.md"), """
                # Links

                [good](other.md), [good](other.md#a-part), [good](#links), [good](data.json), [good](.),
                [good](https://example.com/a?b=c#d), `[code](missing.md)`, [a text
                in two lines](other.md#other), ![picture](missing.png)

                    ```bash
                    [[ -n $x ]](missing.md)
                    ```

                [file](missing.md), [case](Other.md), [anchor](other.md#another-part), [own anchor](#nowhere),
                [not Markdown](data.json#L1), [insecure](http://example.com), [no host](https:///path),
                [outside](../../outside.md), [absolute](/docs/other.md), [nothing](), [malformed](https://exa<mple.com),
                [mail](mailto:jane@example.com), [other scheme](//example.com)

                [reference]: missing-too.md
                """);

        assertThat(problems(MarkdownDocument.read(file), root))
                .containsExactly(
                        "missing.png: no such file",
                        "missing.md: no such file",
                        "Other.md: no such file",
                        "other.md#another-part: no such heading",
                        "#nowhere: no such heading",
                        "data.json#L1: no such heading",
                        "http://example.com: not an https URL",
                        "https:///path: not an https URL",
                        "../../outside.md: no such file",
                        "/docs/other.md: no such file",
                        ": no such file",
                        "https://exa<mple.com: not an https URL",
                        "mailto:jane@example.com: not an https URL",
                        "//example.com: not an https URL",
                        "missing-too.md: no such file");
    }

    @Test
    void anchorsAreThoseOfGitHub() {
        assertThat(new MarkdownDocument(Path.of("a.md"), """
                        # `GET /api/alerts/{id}/user`
                        ## What is stored, and for how long
                        ## Same
                        ## Same
                        ## With a [link](b.md), an_underscore and a dash–like sign
                        ```bash
                        # a comment
                        ```
                        """).anchors())
                .containsExactly(
                        "get-apialertsiduser",
                        "what-is-stored-and-for-how-long",
                        "same",
                        "same-1",
                        "with-a-link-an_underscore-and-a-dashlike-sign");
    }

    private static List<String> problems(MarkdownDocument document, Path root) {
        return document.links().stream()
                .flatMap(link -> problem(document, link, root).map(problem -> link + ": " + problem).stream())
                .toList();
    }

    private static Optional<String> problem(MarkdownDocument document, String link, Path root) {
        if (SCHEME.matcher(link).matches()) {
            return isHttps(link) ? Optional.empty() : Optional.of("not an https URL");
        }
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target = path.isEmpty() && hash == 0
                ? document.file()
                : document.file().resolveSibling(path).normalize();
        if (path.startsWith("/") || link.isEmpty() || !isFileBelow(root, target)) {
            return Optional.of("no such file");
        }
        return hash < 0 || hasAnchor(target, link.substring(hash + 1))
                ? Optional.empty()
                : Optional.of("no such heading");
    }

    private static boolean isHttps(String link) {
        try {
            URI uri = new URI(link);
            return "https".equals(uri.getScheme()) && uri.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** In the spelling of the file system, since not every system tells letter cases apart. */
    private static boolean isFileBelow(Path root, Path target) {
        try {
            Path realRoot = root.toAbsolutePath().toRealPath();
            Path real = target.toAbsolutePath().toRealPath();
            return real.startsWith(realRoot) && real.endsWith(target.getFileName());
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean hasAnchor(Path target, String anchor) {
        return target.toString().endsWith(".md")
                && MarkdownDocument.read(target).anchors().contains(anchor);
    }
}
