package dev.alertuser.functions.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.azure.functions.HttpResponseMessage;
import dev.alertuser.Application.HealthParts;
import dev.alertuser.config.SettingsException;
import dev.alertuser.functions.http.GivenContext;
import dev.alertuser.functions.http.GivenRequest;
import dev.alertuser.functions.http.HttpEdge;
import dev.alertuser.functions.http.Json;
import dev.alertuser.service.Readiness;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.port.DefenderApi;
import dev.alertuser.service.port.Retention;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthFunctionsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final GivenRequest REQUEST = GivenRequest.get("https://app.example.com/api/health");

    private final RateLimiter limiter = mock(RateLimiter.class);
    private final DefenderApi defender = mock(DefenderApi.class);
    private final Retention retention = mock(Retention.class);
    private final List<String> lines = new ArrayList<>();
    private final HealthParts parts =
            new HealthParts(new Readiness(defender, limiter, () -> NOON, () -> 0), retention, () -> NOON);

    @BeforeEach
    void allIsWell() throws Exception {
        when(defender.faultOfToken(any())).thenReturn(Optional.empty());
        when(retention.lastPurge()).thenReturn(Optional.of(NOON));
    }

    @Test
    void liveNeedsNothing() {
        HttpResponseMessage response =
                new HealthLiveFunction(HttpEdge.withoutApp()).run(REQUEST, GivenContext.of("HealthLive", lines));

        assertThat(response.getStatusCode()).isEqualTo(200);
        assertThat(response.getBody()).isEqualTo("{\"status\":\"pass\"}");
    }

    @Test
    void readySaysNoMoreThanWhetherItIs() throws Exception {
        assertThat(ready(() -> parts).getBody()).isEqualTo("{\"status\":\"pass\"}");
    }

    @Test
    void isNotReadyWithoutTheCounterAndSaysNoReasonToAnybody() throws Exception {
        doThrow(new BudgetUnavailableException("the table is down", null))
                .when(limiter)
                .prepare();

        HttpResponseMessage response = ready(() -> parts);

        assertThat(response.getStatusCode()).isEqualTo(503);
        assertThat(response.getBody()).isEqualTo("{\"status\":\"fail\"}");
    }

    /** Anybody could fill the log otherwise. */
    @Test
    void readyWritesNoLineWhateverIsWrong() throws Exception {
        doThrow(new BudgetUnavailableException("the table is down", null))
                .when(limiter)
                .prepare();

        assertThat(ready(() -> parts).getStatusCode()).isEqualTo(503);
        assertThat(ready(() -> {
                            throw new SettingsException("RATE_LIMITS must be permits/window pairs");
                        })
                        .getStatusCode())
                .isEqualTo(503);

        assertThat(lines).isEmpty();
    }

    @Test
    void detailNamesEachFault() throws Exception {
        doThrow(new BudgetUnavailableException("the table is down", null))
                .when(limiter)
                .prepare();
        when(retention.lastPurge()).thenReturn(Optional.empty());

        JsonNode checks = detail(503, () -> parts).get("checks");

        assertThat(checks.at("/counter/0/output").textValue()).isEqualTo("the table is down");
        assertThat(checks.at("/token/0/status").textValue()).isEqualTo("pass");
        assertThat(checks.at("/purge/0/status").textValue()).isEqualTo("warn");
    }

    /** Wrong settings most of all, since an update may have made them so. */
    @Test
    void detailNamesTheReleaseThatRunsWhateverIsWrong() {
        JsonNode detail = detail(503, () -> {
            throw new SettingsException("RATE_LIMITS must be permits/window pairs");
        });

        assertThat(detail.get("version").textValue()).isNotBlank();
        assertThat(detail.get("releaseId").textValue()).isNotBlank();
    }

    @Test
    void detailNamesTheSettingThatIsWrong() {
        JsonNode checks = detail(503, () -> {
                    throw new SettingsException("RATE_LIMITS must be permits/window pairs");
                })
                .get("checks");

        assertThat(checks.at("/settings/0/output").textValue()).isEqualTo("RATE_LIMITS must be permits/window pairs");
        assertThat(checks.has("purge")).isFalse();
    }

    private HttpResponseMessage ready(Supplier<HealthParts> given) {
        return new HealthReadyFunction(HttpEdge.withoutApp(), given)
                .run(REQUEST, GivenContext.of("HealthReady", lines));
    }

    private JsonNode detail(int status, Supplier<HealthParts> given) {
        HttpResponseMessage response = new HealthDetailFunction(HttpEdge.withoutApp(), given)
                .run(REQUEST, GivenContext.of("HealthDetail", lines));
        assertThat(response.getStatusCode()).isEqualTo(status);
        return Json.read((String) response.getBody());
    }
}
