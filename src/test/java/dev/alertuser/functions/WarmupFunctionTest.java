package dev.alertuser.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.microsoft.azure.functions.ExecutionContext;
import dev.alertuser.Application;
import dev.alertuser.Lazy;
import dev.alertuser.service.BudgetUnavailableException;
import dev.alertuser.service.DefenderApi;
import dev.alertuser.service.IdentityUnavailableException;
import dev.alertuser.service.RateLimiter;
import java.util.ArrayList;
import java.util.List;
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
        warmUp(new Lazy<>(this::application));

        verify(limiter).status();
        verify(defender).authorize(any());
        assertThat(logged).isEmpty();
    }

    @Test
    void endsWellWhenNothingIsInReachAndSaysWhat() throws Exception {
        when(limiter.status()).thenThrow(new BudgetUnavailableException("down", null));
        when(defender.authorize(any())).thenThrow(new IdentityUnavailableException("down", null));

        warmUp(new Lazy<>(this::application));

        assertThat(logged)
                .containsExactly(
                        "WARNING: warm-up could not get the counter", "WARNING: warm-up could not get the token");
    }

    @Test
    void endsWellWhenTheAppCannotBeBuilt() {
        warmUp(new Lazy<>(() -> {
            throw new IllegalStateException("a setting is wrong");
        }));
        warmUp(new Lazy<>(() -> {
            throw new NoClassDefFoundError("com/azure/Gone");
        }));

        assertThat(logged).hasSize(4);
    }

    private void warmUp(Lazy<Application> application) {
        new WarmupFunction(application).run("{}", context);
    }

    private Application application() {
        Application application = mock(Application.class);
        when(application.limiter()).thenReturn(limiter);
        when(application.defender()).thenReturn(defender);
        return application;
    }
}
