package dev.alertuser.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.alertuser.config.Settings.Storage.ByConnectionString;
import dev.alertuser.config.StorageClients;
import dev.alertuser.localkit.fake.HttpMessage;
import dev.alertuser.localkit.fake.StorageFault;
import dev.alertuser.localkit.fake.StorageProxy;
import dev.alertuser.service.AlertUserService;
import dev.alertuser.service.AnswerTtl;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.AlertUser;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.LookupRequest;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.budget.RateLimiter.Decision.Granted;
import dev.alertuser.service.port.DefenderApi;
import dev.alertuser.tables.BadAnswer;
import dev.alertuser.tables.TableAnswerCache;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kept answers out of reach cost a permit, and never a call: the service with the real store on storage that is not well. */
class AnswerCacheOutOfReachIT {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final AlertId ALERT = new AlertId("da1");
    private static final Found FOUND = new Found(
            new AlertUser("{\"id\":\"contoso\\\\user1\"}", "contoso\\user1", null, null, null),
            new Origin(Source.DEFENDER, NOON, null));

    /** The answer of a healthy service to a read. */
    private static final StorageFault NO_ROW = exchange -> exchange.answer(HttpMessage.answer(
            404,
            "{\"odata.error\":{\"code\":\"ResourceNotFound\",\"message\":{\"value\":\"none\"}}}",
            "Content-Type",
            "application/json"));

    private final DefenderApi defender = mock(DefenderApi.class);
    private final DefenderApi.Session session = mock(DefenderApi.Session.class);
    private final RateLimiter limiter = mock(RateLimiter.class);

    @BeforeEach
    void allElseIsWell() throws Exception {
        when(defender.authorize(any())).thenReturn(session);
        when(limiter.acquire(any(), any(), any())).thenReturn(new Granted(() -> true));
        when(session.findUser(any(), any(), any())).thenReturn(FOUND);
    }

    @ParameterizedTest
    @EnumSource(names = {"BUSY_IN_XML", "GATEWAY_IN_HTML", "FORBIDDEN_IN_XML", "TRUNCATED", "RESET"})
    void neitherReadNorWritten(BadAnswer answer) throws Exception {
        try (StorageProxy storage = StorageProxy.alone(answer)) {
            assertThat(find(storage)).isEqualTo(FOUND);
            verify(session, times(1)).findUser(any(), any(), any());
        }
    }

    @Test
    void readButNotWritten() throws Exception {
        try (StorageProxy storage = StorageProxy.alone(BadAnswer.BUSY_IN_XML)) {
            storage.treat(request -> request.startsWith("GET "), NO_ROW);
            assertThat(find(storage)).isEqualTo(FOUND);
            verify(session, times(1)).findUser(any(), any(), any());
            assertThat(storage.requests())
                    .anyMatch(request -> request.startsWith("GET"))
                    .anyMatch(request -> request.startsWith("PUT"));
        }
    }

    private LookupResult find(StorageProxy storage) throws InterruptedException {
        AlertUserService service = new AlertUserService(
                defender,
                limiter,
                new TableAnswerCache(
                        new StorageClients(new ByConnectionString(storage.connectionString())).table("Table"),
                        "key",
                        () -> NOON),
                new AnswerTtl(Duration.ofMinutes(15), Duration.ofMinutes(2)),
                () -> 0);
        return service.find(new LookupRequest(
                        ALERT, Priority.INTERACTIVE, Duration.ZERO, NOON, false, new Correlation("c-1", null)))
                .result();
    }
}
