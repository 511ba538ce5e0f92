package dev.alertuser.functions.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.microsoft.azure.functions.ExecutionContext;
import dev.alertuser.Application.PurgeParts;
import dev.alertuser.functions.http.RecordingLogger;
import dev.alertuser.service.AnswerTtl;
import dev.alertuser.service.port.Retention;
import dev.alertuser.service.port.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

class PurgeFunctionTest {
    private static final Instant NOON = Instant.parse("2026-01-10T12:00:00Z");

    private final Retention retention = mock(Retention.class);
    private final PurgeParts parts =
            new PurgeParts(retention, new AnswerTtl(Duration.ofMinutes(15), Duration.ofMinutes(2)), () -> NOON);
    private final ExecutionContext context = mock(ExecutionContext.class);
    private final List<String> logged = new ArrayList<>();

    @BeforeEach
    void start() {
        when(context.getLogger()).thenReturn(RecordingLogger.into(logged));
        when(context.getInvocationId()).thenReturn("id");
    }

    /** Lookups live 24 hours, answers 15 minutes longer; both get five more minutes for a poll under way. */
    @Test
    void deletesExpiredAnswersAndLookupsAndStoresTheTime() {
        when(retention.deleteAnswersBefore(Instant.parse("2026-01-09T11:40:00Z")))
                .thenReturn(3);
        when(retention.deleteLookupsBefore(Instant.parse("2026-01-09T11:55:00Z")))
                .thenReturn(2);

        run(() -> parts);

        InOrder order = inOrder(retention);
        order.verify(retention).deleteLookupsBefore(any());
        order.verify(retention).purged(NOON);
        assertThat(logged).hasSize(1);
        assertThat(logged.get(0))
                .startsWith("{\"event\":\"purge\",\"outcome\":\"done\",\"answers\":3,\"lookups\":2,\"durationMs\":");
    }

    @Test
    void reportsAFailureToThePlatformAndWritesItsLine() {
        when(retention.deleteLookupsBefore(any())).thenThrow(new StoreUnavailableException("out of reach", null));

        assertThatThrownBy(() -> run(() -> parts)).isInstanceOf(IllegalStateException.class);
        verify(retention, never()).purged(any());
        assertThat(logged).hasSize(2);
        assertThat(logged.get(0)).isEqualTo("purge id failed");
        assertThat(logged.get(1))
                .startsWith("{\"event\":\"purge\",\"outcome\":\"failed\",\"answers\":0,\"durationMs\":");
    }

    /** The worker reports exceptions only. */
    @Test
    void turnsAnErrorIntoAnException() {
        when(retention.deleteAnswersBefore(any())).thenThrow(new NoClassDefFoundError("com/azure/Gone"));

        assertThatThrownBy(() -> run(() -> parts))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the purge is incomplete: NoClassDefFoundError");
        assertThat(logged).hasSize(2);
    }

    @Test
    void writesItsLineWhenTheAppCannotBeBuilt() {
        assertThatThrownBy(() -> run(() -> {
                    throw new IllegalStateException("a setting is wrong");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(logged).hasSize(2);
    }

    @Nested
    class Fault {
        @Test
        void reportsThatNoPurgeHasSucceededYet() {
            when(retention.lastPurge()).thenReturn(Optional.empty());

            assertThat(Purge.fault(retention, NOON))
                    .contains("no purge has succeeded yet; the timer function Purge runs every hour");
        }

        @Test
        void reportsAPurgeThatIsMoreThanThreeHoursOld() {
            when(retention.lastPurge()).thenReturn(Optional.of(NOON.minusSeconds(3 * 3600)));
            assertThat(Purge.fault(retention, NOON)).isEmpty();

            when(retention.lastPurge()).thenReturn(Optional.of(NOON.minusSeconds(3 * 3600 + 1)));
            assertThat(Purge.fault(retention, NOON)).contains("the last successful purge was at 2026-01-10T08:59:59Z");
        }

        @Test
        void reportsATableOutOfReach() {
            when(retention.lastPurge()).thenThrow(new StoreUnavailableException("out of reach", null));

            assertThat(Purge.fault(retention, NOON)).contains("out of reach");
        }
    }

    private void run(Supplier<PurgeParts> parts) {
        new PurgeFunction(parts).run("{}", context);
    }
}
