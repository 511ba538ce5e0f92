package dev.alertuser.functions.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.microsoft.azure.functions.ExecutionContext;
import dev.alertuser.Application.WarmupParts;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.port.DefenderApi;
import dev.alertuser.service.port.IdentityUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WarmupFunctionTest {
    private final DefenderApi defender = mock(DefenderApi.class);
    private final RateLimiter limiter = mock(RateLimiter.class);
    private final ExecutionContext context = mock(ExecutionContext.class);
    private final List<String> logged = new ArrayList<>();

    @BeforeEach
    void listen() {
        Logger logger = Logger.getAnonymousLogger();
        logger.setUseParentHandlers(false);
        logger.addHandler(new Handler() {
            @Override
            public void publish(LogRecord record) {
                logged.add(record.getLevel() + ": " + record.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
        when(context.getLogger()).thenReturn(logger);
    }

    @Test
    void readsTheCounterAndFetchesAToken() throws Exception {
        warmUp(() -> new WarmupParts(limiter, defender));

        verify(limiter).prepare();
        verify(defender).authorize(any());
        assertThat(logged).isEmpty();
    }

    @Test
    void succeedsAndWarnsWhenNothingIsInReach() throws Exception {
        doThrow(new BudgetUnavailableException("down", null)).when(limiter).prepare();
        when(defender.authorize(any())).thenThrow(new IdentityUnavailableException("down", null));

        warmUp(() -> new WarmupParts(limiter, defender));

        assertThat(logged)
                .containsExactly(
                        "WARNING: warm-up could not get the counter", "WARNING: warm-up could not get the token");
    }

    @Test
    void succeedsWhenTheAppCannotBeBuilt() {
        warmUp(() -> {
            throw new IllegalStateException("a setting is wrong");
        });
        warmUp(() -> {
            throw new NoClassDefFoundError("com/azure/Gone");
        });

        assertThat(logged).hasSize(4);
    }

    private void warmUp(Supplier<WarmupParts> parts) {
        new WarmupFunction(parts).run("{}", context);
    }
}
