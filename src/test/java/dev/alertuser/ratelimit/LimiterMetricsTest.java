package dev.alertuser.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alertuser.ratelimit.LimiterMetrics.Count;
import dev.alertuser.service.BudgetStatus;
import dev.alertuser.service.Priority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LimiterMetricsTest {
    private static final long MINUTE = 60_000_000_000L;
    private static final Optional<BudgetStatus> STATUS = Optional.of(new BudgetStatus(
            List.of(
                    new BudgetStatus.Window(100, Duration.ofMinutes(1), 93, Duration.ZERO),
                    new BudgetStatus.Window(1500, Duration.ofHours(1), 1200, Duration.ZERO)),
            Duration.ZERO));

    private final LimiterMetrics metrics = new LimiterMetrics(0);

    @Test
    void tellsAMinuteInOneLineOfJson() throws Exception {
        metrics.add(Count.granted(Priority.INTERACTIVE));
        metrics.add(Count.granted(Priority.BACKLOG));
        metrics.add(Count.granted(Priority.BACKLOG));
        metrics.add(Count.denied(Priority.INTERACTIVE));
        metrics.add(Count.OPERATIONS);
        metrics.addSlotLag(3);
        metrics.addSlotLag(40);
        metrics.addSlotLag(5);

        String line = metrics.line(MINUTE, STATUS, 87).orElseThrow();

        assertThat(line).startsWith("{\"event\":\"budget\"").doesNotContain("\n");
        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(json.at("/windows/0/window").asText()).isEqualTo("PT1M");
        assertThat(json.at("/windows/0/quota").asInt()).isEqualTo(100);
        assertThat(json.at("/windows/1/window").asText()).isEqualTo("PT1H");
        assertThat(json.at("/windows/1/remaining").asInt()).isEqualTo(1200);
        assertThat(json.get("grantedInteractive").asInt()).isEqualTo(1);
        assertThat(json.get("grantedBacklog").asInt()).isEqualTo(2);
        assertThat(json.get("deniedInteractive").asInt()).isEqualTo(1);
        assertThat(json.get("deniedBacklog").asInt()).isZero();
        assertThat(json.get("operations").asInt()).isEqualTo(1);
        assertThat(json.get("slotLagMs").asInt()).isEqualTo(40);
        assertThat(json.get("clockWidthMs").asInt()).isEqualTo(87);
    }

    /** The operating guide's table has a line for each member, in this order: {@code | `event` | ...}. */
    @Test
    void hasTheMembersThatTheOperatingGuideExplains() throws Exception {
        String guide = Files.readString(Path.of("infra/README.md"));
        String table = guide.substring(guide.indexOf("| `event` | `budget` |"));
        List<String> explained = Pattern.compile("\\| `(\\w+)` \\|.*\\R?")
                .matcher(table.substring(0, table.indexOf("\n\n")))
                .results()
                .map(row -> row.group(1))
                .toList();

        JsonNode line =
                new ObjectMapper().readTree(metrics.line(MINUTE, STATUS, 0).orElseThrow());
        assertThat(explained).containsExactlyElementsOf(line::fieldNames);
    }

    @Test
    void tellsNothingBeforeTheMinuteIsOver() {
        metrics.add(Count.CONFLICTS);

        assertThat(metrics.line(MINUTE - 1, STATUS, 0)).isEmpty();
    }

    @Test
    void eachLineTellsOnlyWhatIsNew() {
        metrics.add(Count.PAUSES);
        metrics.addSlotLag(7);
        assertThat(metrics.line(MINUTE, STATUS, 0).orElseThrow()).contains("\"pauses\":1", "\"slotLagMs\":7");
        metrics.add(Count.LATE_PERMITS);

        assertThat(metrics.line(2 * MINUTE, STATUS, 0).orElseThrow())
                .contains("\"pauses\":0", "\"latePermits\":1", "\"slotLagMs\":0");
        assertThat(metrics.total(Count.PAUSES)).isEqualTo(1);
    }
}
