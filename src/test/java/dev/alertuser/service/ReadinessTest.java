package dev.alertuser.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.alertuser.service.Readiness.Verdict;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.port.DefenderApi;
import dev.alertuser.service.port.IdentityUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private final DefenderApi defender = mock(DefenderApi.class);
    private final RateLimiter limiter = mock(RateLimiter.class);
    private Instant now = Instant.parse("2026-01-01T12:00:00Z");
    private final Readiness readiness = new Readiness(
            defender,
            limiter,
            () -> now,
            () -> Duration.between(Instant.EPOCH, now).toNanos());

    @BeforeEach
    void allIsWell() throws Exception {
        when(defender.faultOfToken(any())).thenReturn(Optional.empty());
    }

    @Test
    void isReadyWithCounterAndTokenAndSpendsNoPermit() throws Exception {
        assertThat(readiness.check()).isEqualTo(new Verdict(now, Optional.empty(), Optional.empty()));
        verify(limiter, never()).acquire(any(), any(), any());
    }

    @Test
    void isNotReadyWithoutTheCounter() throws Exception {
        doThrow(new BudgetUnavailableException("the counter is down", null))
                .when(limiter)
                .prepare();

        assertThat(readiness.check().counter()).contains("the counter is down");
    }

    @Test
    void isNotReadyWithoutATokenOrTheRole() throws Exception {
        when(defender.faultOfToken(any()))
                .thenThrow(new IdentityUnavailableException("no token", null))
                .thenReturn(Optional.of("the role is missing"));

        assertThat(readiness.check().token()).contains("no token");
        now = now.plusSeconds(6);
        assertThat(readiness.check().token()).contains("the role is missing");
    }

    @Test
    void withholdsAnUnknownFailureFromTheCallerAndLogsIt() throws Exception {
        RuntimeException failure = new IllegalStateException("secret");
        doThrow(failure).when(limiter).prepare();
        List<LogRecord> lines = new CopyOnWriteArrayList<>();
        Logger log = Logger.getLogger(Readiness.class.getName());
        log.setFilter(line -> !lines.add(line));
        try {
            assertThat(readiness.check().counter()).contains("failed; see the app's log");
        } finally {
            log.setFilter(null);
        }

        assertThat(lines).singleElement().satisfies(line -> {
            assertThat(line.getMessage()).isEqualTo("the readiness check failed");
            assertThat(line.getThrown()).isSameAs(failure);
        });
    }

    @Test
    void checksOnceInFiveSecondsForAllCallers() throws Exception {
        readiness.check();
        now = now.plusSeconds(5);
        readiness.check();
        verify(limiter, times(1)).prepare();

        now = now.plusMillis(1);
        readiness.check();
        verify(limiter, times(2)).prepare();
    }

    @Test
    void doesNotWaitForACounterThatHangsAndLeavesNoThreadBehind() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        doAnswer(invocation -> {
                    try {
                        new CountDownLatch(1).await();
                        return null;
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                })
                .when(limiter)
                .prepare();

        assertThat(readiness.check().counter()).contains("no answer within 1.5 s");
        interrupted.await();
    }
}
