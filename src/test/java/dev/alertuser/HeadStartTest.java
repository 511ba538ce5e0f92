package dev.alertuser;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.port.DefenderApi;
import dev.alertuser.service.port.IdentityUnavailableException;
import org.junit.jupiter.api.Test;

class HeadStartTest {
    private final RateLimiter limiter = mock(RateLimiter.class);
    private final DefenderApi defender = mock(DefenderApi.class);
    private final HeadStart start = new HeadStart(limiter, defender, Runnable::run);

    @Test
    void readsTheCounterGetsATokenAndOpensAConnection() throws Exception {
        start.begin();

        verify(limiter).prepare();
        verify(defender).authorize(any());
        verify(defender).connect();
    }

    @Test
    void happensOnce() throws Exception {
        start.begin();
        start.begin();

        verify(limiter, times(1)).prepare();
        verify(defender, times(1)).authorize(any());
    }

    @Test
    void oneFailureStopsNeitherTheOtherNorTheCaller() throws Exception {
        doThrow(new BudgetUnavailableException("down", null)).when(limiter).prepare();
        when(defender.authorize(any())).thenThrow(new IdentityUnavailableException("down", null));

        assertThatCode(start::begin).doesNotThrowAnyException();

        verify(defender).authorize(any());
    }
}
