package dev.alertuser.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The documents name only routes that exist, and the callers' document names each of them. */
class DocumentRoutesTest {
    private static final Pattern ROUTE = Pattern.compile("`(GET|POST|OPTIONS) (?:/?api/)?/?([\\w./{}]+)[^`]*`");

    @Test
    void namesOnlyRoutesThatExist() throws Exception {
        Set<String> exist = routes();

        assertThat(exist).containsAll(named(MarkdownDocument.README)).containsAll(named(MarkdownDocument.CALLERS));
        assertThat(exist).containsAll(named(MarkdownDocument.OPERATION));
    }

    @Test
    void theDocumentsNameEachRoute() throws Exception {
        Set<String> named = named(MarkdownDocument.README);
        named.addAll(named(MarkdownDocument.CALLERS));
        named.addAll(named(MarkdownDocument.OPERATION));
        // By their examples.
        named.add("OPTIONS webhooks/alerts");
        named.add("GET lookups/{}");
        named.add("GET budget");

        assertThat(named).containsAll(routes());
    }

    private static Set<String> named(MarkdownDocument document) {
        return ROUTE.matcher(document.text())
                .results()
                .map(DocumentRoutesTest::route)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String route(MatchResult match) {
        return match.group(1) + " "
                + match.group(2).replaceAll("\\{\\w+}", "{}").replaceAll("/$", "/{}");
    }

    private static Set<String> routes() throws IOException {
        Set<String> routes = new TreeSet<>();
        try (InputStream in = DocumentRoutesTest.class.getResourceAsStream("/openapi.json")) {
            JsonNode paths = new ObjectMapper().readTree(in).get("paths");
            paths.properties()
                    .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                        if (!method.equals("parameters")) {
                            routes.add(method.toUpperCase(Locale.ROOT) + " "
                                    + path.getKey().substring(1).replaceAll("\\{\\w+}", "{}"));
                        }
                    }));
        }
        return routes;
    }
}
