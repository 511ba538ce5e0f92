package dev.alertuser.endtoend;

import static dev.alertuser.endtoend.RunningApp.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.docs.MarkdownDocument;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The callers' table of senders: each body is sent to its route, and each answer is what stands there. */
class SendersReadmeIT {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| .* \\| \\[[\\w-]+\\.json]\\((\\S+)\\) to `POST (\\S+)` \\| (.*) \\|$");
    private static RunningApp app;

    @BeforeAll
    static void start() {
        app = RunningApp.startInMemory("senders", Map.of());
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    static Stream<Arguments> rows() {
        MarkdownDocument document = MarkdownDocument.CALLERS;
        return ROW.matcher(document.text()).results().map(row -> {
            Path body = document.file().resolveSibling(row.group(1)).normalize();
            return Arguments.of(body, row.group(2), row.group(3));
        });
    }

    @ParameterizedTest(name = "{0} to {1}: {2}")
    @MethodSource("rows")
    void answers(Path body, String route, String answer) throws Exception {
        HttpResponse<String> response = app.post("/api/" + route, Files.readString(body));

        assertThat(inWords(response)).isEqualTo(answer);
    }

    private static String inWords(HttpResponse<String> response) throws IOException {
        JsonNode body = json(response);
        String alerts = body.has("accepted")
                ? body.get("accepted").size() + " queued"
                : body.at("/summary/alerts").intValue() + " outcomes";
        int skipped = body.get("skipped").size();
        return "`" + response.statusCode() + "`, " + (alerts.equals("1 outcomes") ? "1 outcome" : alerts)
                + (skipped == 0 ? "" : ", " + skipped + " skipped");
    }
}
