package dev.alertuser.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Markdown file of this repository: its links, anchors and commands.
 *
 * @param file relative to the root of the repository
 */
public record MarkdownDocument(Path file, String text) {
    public static final MarkdownDocument README = at("README.md");
    public static final MarkdownDocument CALLERS = at("src/docs/callers.md");
    public static final MarkdownDocument OPERATION = at("infra/README.md");

    private static final Set<String> NOT_OURS = Set.of("target", "node_modules", ".git", ".idea", ".vscode");

    /** Fences may be indented, in a list. */
    private static final Pattern FENCED = Pattern.compile("(?ms)^( *)```(\\w*)\n(.*?)^ *```$");

    /** A head, a line of dashes, and the rows. */
    private static final Pattern TABLE = Pattern.compile("(?m)^\\|.*\\|\n\\|[-| :]+\\|\n((?:\\|.*\\|\n)+)");

    private static final Pattern INLINE_CODE = Pattern.compile("`[^`]+`");
    private static final Pattern COMMENT = Pattern.compile("(?s)<!--.*?-->");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*?) *#*$");
    private static final Pattern LINK =
            Pattern.compile("\\]\\(\\s*([^)\\s]*)[^)]*\\)|(?m:^\\[[^\\]]+]: *(\\S+))|<(https?:[^>]+)>");

    static MarkdownDocument at(String file) {
        return read(Path.of(file));
    }

    static MarkdownDocument read(Path file) {
        try {
            return new MarkdownDocument(file, Files.readString(file, UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All of the repository, in a fixed order; nothing that a build makes. */
    public static List<MarkdownDocument> all() {
        List<MarkdownDocument> documents = new ArrayList<>();
        collect(Path.of(""), documents);
        return documents;
    }

    private static void collect(Path directory, List<MarkdownDocument> documents) {
        try (Stream<Path> children = Files.list(directory)) {
            for (Path child : children.sorted().toList()) {
                if (Files.isDirectory(child)
                        && !NOT_OURS.contains(child.getFileName().toString())) {
                    collect(child, documents);
                } else if (child.toString().endsWith(".md")) {
                    documents.add(read(child));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text below a heading of the second level, up to the next one. */
    public MarkdownDocument section(String heading) {
        return Pattern.compile("(?ms)^## " + Pattern.quote(heading) + "$(.*?)(?=^## |\\z)")
                .matcher(text)
                .results()
                .findFirst()
                .map(section -> new MarkdownDocument(file, section.group(1)))
                .orElseThrow(() -> new AssertionError(file + " has no section " + heading));
    }

    /** The blocks of commands, each as it would be pasted into a shell. */
    public List<String> commands() {
        return blocks("bash");
    }

    /** The blocks in a language. */
    public List<String> blocks(String language) {
        return FENCED.matcher(text)
                .results()
                .filter(block -> block.group(2).equals(language))
                .map(block -> block.group(3).replaceAll("(?m)^" + block.group(1), ""))
                .toList();
    }

    /** The cells of each row of all tables, without the heads. */
    public List<List<String>> rows() {
        return TABLE.matcher(withoutBlocks())
                .results()
                .flatMap(table -> table.group(1).lines())
                .map(row -> Arrays.stream(row.substring(1, row.length() - 1).split("\\|", -1))
                        .map(String::strip)
                        .toList())
                .toList();
    }

    /** The targets of all links and pictures, in their order. */
    List<String> links() {
        String prose = INLINE_CODE.matcher(withoutBlocks()).replaceAll("");
        return LINK.matcher(prose).results().map(MarkdownDocument::target).toList();
    }

    private static String target(MatchResult link) {
        for (int group = 1; group <= link.groupCount(); group++) {
            if (link.group(group) != null) {
                return link.group(group);
            }
        }
        throw new AssertionError("each alternative has a group");
    }

    /** The anchors that GitHub gives to the headings. */
    Set<String> anchors() {
        Set<String> anchors = new LinkedHashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        HEADING.matcher(withoutBlocks()).results().forEach(heading -> {
            String anchor = anchor(heading.group(1));
            int before = seen.merge(anchor, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? anchor : anchor + "-" + before);
        });
        return anchors;
    }

    private static String anchor(String heading) {
        return heading.replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}\\-_ ]", "")
                .replace(' ', '-');
    }

    private String withoutBlocks() {
        return COMMENT.matcher(FENCED.matcher(text).replaceAll("")).replaceAll("");
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
