package dev.alertuser.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.alertuser.Application;
import dev.alertuser.Lazy;
import dev.alertuser.service.BudgetStatus;
import dev.alertuser.service.RateLimiter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RateLimitHeadersTest {
    private final RateLimiter limiter = mock(RateLimiter.class);

    @Test
    void tellTheBudgetAsItWasLastSeen() {
        BudgetStatus.Window minute = new BudgetStatus.Window(100, Duration.ofMinutes(1), 83, Duration.ofMillis(4_001));
        BudgetStatus.Window eight = new BudgetStatus.Window(5, Duration.ofSeconds(8), 0, Duration.ZERO);
        when(limiter.lastStatus()).thenReturn(Optional.of(new BudgetStatus(List.of(minute, eight), Duration.ZERO)));

        assertThat(headers())
                .isEqualTo(Map.of(
                        "RateLimit-Policy", "\"minute\";q=100;w=60, \"pt8s\";q=5;w=8",
                        "RateLimit", "\"minute\";r=83;t=5, \"pt8s\";r=0;t=0"));
        verify(limiter, times(1)).lastStatus();
    }

    @Test
    void areLeftOutRatherThanReadFromTheTable() throws Exception {
        when(limiter.lastStatus()).thenReturn(Optional.empty());

        assertThat(headers()).isEmpty();
        verify(limiter, never()).status();
    }

    @Test
    void areLeftOutWhileThereIsNoApp() {
        assertThat(RateLimitHeaders.of(new Lazy<>(() -> {
                    throw new AssertionError("headers make no app");
                })))
                .isEmpty();
    }

    private Map<String, String> headers() {
        Application app = mock(Application.class);
        when(app.limiter()).thenReturn(limiter);
        Lazy<Application> application = new Lazy<>(() -> app);
        application.get();
        return RateLimitHeaders.of(application);
    }
}
