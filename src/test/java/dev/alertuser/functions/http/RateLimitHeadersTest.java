package dev.alertuser.functions.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RateLimitHeadersTest {
    @Test
    void holdQuotaRestAndResetOfEachWindow() {
        assertThat(RateLimitHeaders.of(List.of(
                        GivenWindow.of(100, Duration.ofMinutes(1), 83, Duration.ofMillis(4_001)),
                        GivenWindow.of(5, Duration.ofSeconds(8), 0, Duration.ZERO))))
                .isEqualTo(Map.of(
                        "RateLimit-Policy", "\"minute\";q=100;w=60, \"pt8s\";q=5;w=8",
                        "RateLimit", "\"minute\";r=83;t=5, \"pt8s\";r=0;t=0"));
    }

    @Test
    void areAbsentBeforeTheCounterIsRead() {
        assertThat(RateLimitHeaders.of(List.of())).isEmpty();
    }
}
