package dev.alertuser.functions.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;
import static org.mockito.Mockito.when;

import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import dev.alertuser.Application.EdgeParts;
import dev.alertuser.config.SettingsException;
import dev.alertuser.functions.http.HttpEdge.Handler;
import dev.alertuser.service.AnonymousTraffic;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.port.MessageQueueException;
import dev.alertuser.service.port.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpEdgeTest {
    private static final Handler OK =
            (call, responses) -> responses.respond(HttpStatus.OK).build();

    private final RateLimiter limiter = mock(RateLimiter.class);
    private final AnonymousTraffic anonymous = new AnonymousTraffic(() -> 0);
    private final List<String> lines = new ArrayList<>();
    private final HttpEdge edge = new HttpEdge(() -> Optional.of(new EdgeParts(limiter, null, anonymous)));

    @BeforeEach
    void budget() {
        when(limiter.takeStats()).thenReturn(Optional.empty());
        when(limiter.lastSeenWindows())
                .thenReturn(List.of(GivenWindow.of(100, Duration.ofMinutes(1), 83, Duration.ofSeconds(4))));
    }

    /** All else that a limiter can be asked may read the table or wait. */
    @Test
    void sendsTheLastSeenBudgetToCallersWithAKeyWithoutAskingForMore() {
        assertThat(answer(edge, OK).getHeader("RateLimit")).isEqualTo("\"minute\";r=83;t=4");
        verify(limiter, times(1)).lastSeenWindows();
        verify(limiter).takeStats();
        verifyNoMoreInteractions(limiter);
        assertThat(lines).hasSize(1);
    }

    @Test
    void leavesTheBudgetOutIfTheInstanceHasNotSeenIt() {
        when(limiter.lastSeenWindows()).thenReturn(List.of());

        HttpResponseMessage response = answer(edge, OK);

        assertThat(response.getHeader("RateLimit")).isNull();
        assertThat(response.getHeader("RateLimit-Policy")).isNull();
    }

    @Test
    void hidesTheBudgetFromAnonymousCallersAndCountsThem() {
        HttpResponseMessage response = edge.answerAnonymous(
                GivenRequest.get("https://app.example.com/api/health/live"), GivenContext.of("HealthLive", lines), OK);

        assertThat(response.getHeader("RateLimit")).isNull();
        assertThat(anonymous.takeCalls()).isEqualTo(1);
        assertThat(lines).isEmpty();
    }

    @Test
    void sendsNoBudgetBeforeTheAppIsBuilt() {
        assertThat(answer(HttpEdge.withoutApp(), OK).getHeader("RateLimit")).isNull();
    }

    @Test
    void answersWhateverIsThrown() {
        assertAnswer(503, "LookupsUnavailable", new StoreUnavailableException("secret", null));
        assertAnswer(503, "QueueUnavailable", new MessageQueueException("secret", null));
        assertAnswer(500, "InternalError", new SettingsException("secret"));
        assertAnswer(500, "InternalError", new IllegalStateException("secret"));
        assertAnswer(500, "InternalError", new NoClassDefFoundError("secret"));
        assertAnswer(400, "NoAlertId", new RequestException(ErrorCode.NO_ALERT_ID, "no id"));
    }

    private void assertAnswer(int status, String code, Throwable thrown) {
        HttpResponseMessage response = answer(edge, (call, responses) -> fail(thrown));
        assertThat(response.getStatusCode()).isEqualTo(status);
        assertThat(response.getHeader("x-ms-error-code")).isEqualTo(code);
        assertThat((String) response.getBody()).doesNotContain("secret");
    }

    private static HttpResponseMessage fail(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }

    private HttpResponseMessage answer(HttpEdge at, Handler handler) {
        return at.answer(
                GivenRequest.get("https://app.example.com/api/x"), GivenContext.of("AlertUser", lines), handler);
    }
}
