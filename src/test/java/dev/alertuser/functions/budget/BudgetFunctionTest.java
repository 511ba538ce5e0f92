package dev.alertuser.functions.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpResponseMessage;
import dev.alertuser.Application.BudgetParts;
import dev.alertuser.functions.http.GivenContext;
import dev.alertuser.functions.http.GivenRequest;
import dev.alertuser.functions.http.HttpEdge;
import dev.alertuser.functions.http.Json;
import dev.alertuser.service.CacheStats;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.budget.BudgetReport;
import dev.alertuser.service.budget.BudgetReport.History;
import dev.alertuser.service.budget.BudgetReport.Line;
import dev.alertuser.service.budget.BudgetReport.Place;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.ByPriority;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.budget.RateLimiter.Cause;
import dev.alertuser.service.port.MessageQueueException;
import dev.alertuser.service.port.QueueGauge;
import dev.alertuser.service.port.QueueState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetFunctionTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final BudgetReport REPORT = new BudgetReport(
            NOON,
            List.of(new BudgetReport.Window(
                    100,
                    Duration.ofMinutes(1),
                    40,
                    new ByPriority<>(7, 0),
                    new ByPriority<>(93, 53),
                    Duration.ofSeconds(5))),
            new ByPriority<>(Duration.ZERO, Duration.ZERO),
            Duration.ZERO,
            Cause.QUOTA,
            new ByPriority<>(0, 0),
            new Line(12, Optional.of(NOON.plusSeconds(60)), Optional.empty()),
            new History(Duration.ofMinutes(1), 100, List.of()),
            Duration.ZERO);

    private final RateLimiter limiter = mock(RateLimiter.class);
    private final RateLimiter users = mock(RateLimiter.class);
    private final QueueGauge queues = mock(QueueGauge.class);
    private final List<String> lines = new ArrayList<>();
    private final BudgetParts parts =
            new BudgetParts(limiter, users, queues, () -> new CacheStats(3, 1), Duration.ofHours(24), () -> NOON);

    @BeforeEach
    void budget() throws Exception {
        when(limiter.report(anyLong(), any())).thenReturn(REPORT);
        when(queues.look(any())).thenReturn(new QueueState(4, List.of()));
    }

    @Test
    void answersProgramsWithJson() throws Exception {
        JsonNode json = Json.read((String) get("*/*", () -> parts).getBody());

        assertThat(json.get("state").textValue()).isEqualTo("open");
        assertThat(json.at("/windows/0/used/interactive").intValue()).isEqualTo(7);
        assertThat(json.at("/queues/requests/messages").intValue()).isEqualTo(4);
        assertThat(json.at("/keptAnswers/hitRate").doubleValue()).isEqualTo(0.75);
        verify(limiter).report(4, null);
    }

    @Test
    void answersBrowsersWithAPageThatNeedsNoApp() {
        HttpResponseMessage response = get("text/html,application/xhtml+xml", () -> {
            throw new AssertionError("the app is not needed");
        });

        assertThat(response.getStatusCode()).isEqualTo(200);
        assertThat(response.getHeader("Content-Type")).startsWith("text/html");
        assertThat(response.getHeader("Content-Security-Policy")).startsWith("default-src 'none'");
        assertThat(response.getHeader("Referrer-Policy")).isEqualTo("no-referrer");
    }

    @Test
    void answersWithoutQueuesWhileTheyAreOutOfReach() {
        when(queues.look(any())).thenThrow(new MessageQueueException("out of reach", null));

        JsonNode json = Json.read((String) get("*/*", () -> parts).getBody());

        assertThat(json.get("queues").isNull()).isTrue();
        assertThat(json.at("/windows/0/limit").intValue()).isEqualTo(100);
    }

    @Test
    void answers503WhileTheCounterIsOutOfReach() throws Exception {
        when(limiter.report(anyLong(), any())).thenThrow(new BudgetUnavailableException("down", null));

        HttpResponseMessage response = get("*/*", () -> parts);

        assertThat(response.getStatusCode()).isEqualTo(503);
        assertThat(response.getHeader("x-ms-error-code")).isEqualTo("BudgetUnavailable");
        assertThat((String) response.getBody()).contains("Storage Table Data Contributor");
    }

    @Test
    void answersThePlaceOfAnAlertAndSpendsNoPermit() throws Exception {
        BudgetReport report = new BudgetReport(
                NOON,
                REPORT.windows(),
                REPORT.nextPermit(),
                Duration.ZERO,
                Cause.QUOTA,
                REPORT.reserved(),
                new Line(12, Optional.of(NOON.plusSeconds(60)), Optional.of(new Place(3, NOON.plusMillis(4_500)))),
                REPORT.history(),
                Duration.ZERO);
        when(limiter.report(4, new AlertId("da1").question())).thenReturn(report);

        JsonNode json = Json.read(
                (String) get("*/*", Map.of("alertId", " da1 "), () -> parts).getBody());

        assertThat(json.at("/line/place").toString())
                .isEqualTo("{\"at\":\"2026-01-01T12:00:04.500Z\",\"seconds\":5,\"position\":3}");
        verify(limiter, never()).acquire(any(), any(), any());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "da 1", "da1/user", "\u00e4"})
    void answers400ForWhatIsNoAlertId(String alertId) {
        HttpResponseMessage response = get("*/*", Map.of("alertId", alertId), () -> parts);

        assertThat(response.getStatusCode()).isEqualTo(400);
        assertThat(response.getHeader("x-ms-error-code")).isEqualTo("InvalidAlertId");
        verifyNoInteractions(limiter);
    }

    @Test
    void answersTheBudgetOfUsers() throws Exception {
        when(users.report(anyLong(), any())).thenReturn(REPORT);

        assertThat(get("*/*", Map.of("of", "users"), () -> parts).getStatusCode())
                .isEqualTo(200);
        verifyNoInteractions(limiter);
    }

    @Test
    void answers403ForTheBudgetOfUsersWithoutUsers() {
        BudgetParts without =
                new BudgetParts(limiter, null, queues, () -> new CacheStats(3, 1), Duration.ofHours(24), () -> NOON);

        HttpResponseMessage response = get("*/*", Map.of("of", "users"), () -> without);

        assertThat(response.getStatusCode()).isEqualTo(403);
        assertThat(response.getHeader("x-ms-error-code")).isEqualTo("DelegationNotConfigured");
    }

    @Test
    void answers400ForTheBudgetOfAnythingElse() {
        HttpResponseMessage response = get("*/*", Map.of("of", "me"), () -> parts);

        assertThat(response.getStatusCode()).isEqualTo(400);
        assertThat(response.getHeader("x-ms-error-code")).isEqualTo("InvalidPreference");
    }

    private HttpResponseMessage get(String accept, Supplier<BudgetParts> given) {
        return get(accept, Map.of(), given);
    }

    private HttpResponseMessage get(String accept, Map<String, String> query, Supplier<BudgetParts> given) {
        GivenRequest request = new GivenRequest(
                HttpMethod.GET, "https://app.example.com/api/budget", Map.of("accept", accept), query, null);
        return new BudgetFunction(HttpEdge.withoutApp(), given).run(request, GivenContext.of("Budget", lines));
    }
}
