package dev.alertuser.functions.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.Application.EdgeParts;
import dev.alertuser.ratelimit.GivenStats;
import dev.alertuser.service.AnonymousTraffic;
import dev.alertuser.service.budget.RateLimiter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BudgetLogTest {
    @Test
    void writesOneLineOfJsonPerMinute() {
        JsonNode line = LogLines.budget(List.of(
                GivenWindow.of(100, Duration.ofMinutes(1), 93, Duration.ZERO),
                GivenWindow.of(1500, Duration.ofHours(1), 1200, Duration.ZERO)));

        assertThat(line.toString()).startsWith("{\"event\":\"budget\"").doesNotContain("\n");
        assertThat(line.at("/windows/0/window").asText()).isEqualTo("PT1M");
        assertThat(line.at("/windows/0/quota").asInt()).isEqualTo(100);
        assertThat(line.at("/windows/1/window").asText()).isEqualTo("PT1H");
        assertThat(line.at("/windows/1/used").asInt()).isEqualTo(300);
        assertThat(line.at("/windows/1/remaining").asInt()).isEqualTo(1200);
        assertThat(line.get("grantedInteractive").asInt()).isZero();
        assertThat(line.get("slotLagMs").asInt()).isZero();
        assertThat(line.get("clockWidthMs").asInt()).isEqualTo(87);
        assertThat(line.get("anonymousCalls").asInt()).isZero();
    }

    /** The guide's table has a line for each member, in this order: {@code | `event` | ...}. */
    @Test
    void hasTheMembersThatTheGuideExplains() throws Exception {
        String guide = Files.readString(Path.of("infra/README.md"));
        String table = guide.substring(guide.indexOf("| `event` | `budget` |"));
        Stream<String> explained = Pattern.compile("\\| `(\\w+)` \\|.*\\R?")
                .matcher(table.substring(0, table.indexOf("\n\n")))
                .results()
                .map(row -> row.group(1));

        assertThat(LogLines.budget(List.of()).fieldNames())
                .toIterable()
                .containsExactlyElementsOf(
                        Stream.concat(explained, Stream.of("anonymousCalls")).toList());
    }

    @Test
    void writesALineOfItsOwnForTheCallsOfUsers() {
        RateLimiter app = mock(RateLimiter.class);
        RateLimiter users = mock(RateLimiter.class);
        when(app.takeStats()).thenReturn(Optional.empty());
        when(users.takeStats())
                .thenReturn(Optional.of(
                        GivenStats.of(List.of(GivenWindow.of(100, Duration.ofMinutes(1), 93, Duration.ZERO)))));
        List<String> lines = new ArrayList<>();

        BudgetLog.write(
                () -> Optional.of(new EdgeParts(app, users, new AnonymousTraffic(() -> 0))),
                GivenContext.of("MyAlertUser", lines));

        assertThat(lines)
                .singleElement()
                .asString()
                .startsWith("{\"event\":\"budgetOfUsers\",\"windows\":[{\"window\":\"PT1M\"")
                .doesNotContain("anonymousCalls");
    }

    @Test
    void neverFailsACallThatIsDone() {
        RateLimiter limiter = mock(RateLimiter.class);
        when(limiter.takeStats()).thenThrow(new IllegalStateException("no line"));
        List<String> lines = new ArrayList<>();

        BudgetLog.write(
                () -> Optional.of(new EdgeParts(limiter, null, new AnonymousTraffic(() -> 0))),
                GivenContext.of("AlertUser", lines));

        assertThat(lines).containsExactly("the limiter's line could not be written");
    }
}
