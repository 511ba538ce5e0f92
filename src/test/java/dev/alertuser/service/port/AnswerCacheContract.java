package dev.alertuser.service.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.AlertUser;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Rejected;
import dev.alertuser.service.alert.LookupResult.Source;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every answer cache does. Its time is noon. */
public abstract class AnswerCacheContract {
    protected static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    protected static final AlertUser USER = new AlertUser(
            "{\"id\":\"contoso\\\\üser 1\",\"unknown\":[1, 2]}", "contoso\\üser 1", "üser 1", "contoso", null);

    protected final AlertId alertId = new AlertId("da" + UUID.randomUUID());

    /** A cache without an answer for {@link #alertId}, the same for each call in one test. */
    protected abstract AnswerCache cache();

    @Test
    void findsNothingWhereNothingWasPut() {
        assertThat(cache().find(alertId, NOON)).isEmpty();
    }

    @Test
    void findsAUserAsDefenderGaveIt() {
        cache().put(alertId, new Found(USER, new Origin(Source.DEFENDER, NOON, null, 200)));

        assertThat(cache().find(alertId, NOON.minusSeconds(60)))
                .contains(new Found(USER, new Origin(Source.CACHED, NOON, null)));
    }

    @Test
    void findsThatThereIsNoUser() {
        cache().put(alertId, new NotFound(new Origin(Source.DEFENDER, NOON, "c-1", 404)));

        assertThat(cache().find(alertId, NOON)).contains(new NotFound(new Origin(Source.CACHED, NOON, "c-1")));
    }

    @Test
    void findsThatDefenderRejectedTheId() {
        cache().put(alertId, new Rejected(new Origin(Source.DEFENDER, NOON, "c-1", 400)));

        assertThat(cache().find(alertId, NOON)).contains(new Rejected(new Origin(Source.CACHED, NOON, "c-1")));
    }

    @Test
    void aNewerAnswerReplacesAnOlderOne() {
        cache().put(alertId, new Found(USER, new Origin(Source.DEFENDER, NOON.minusSeconds(60), null)));
        LookupResult newer = new NotFound(new Origin(Source.CACHED, NOON, null));
        cache().put(alertId, newer);

        assertThat(cache().find(alertId, NOON.minusSeconds(600))).contains(newer);
    }

    @Test
    void findsNoAnswerFromBeforeTheGivenTime() {
        cache().put(alertId, new Found(USER, new Origin(Source.DEFENDER, NOON.minusMillis(1), null)));

        assertThat(cache().find(alertId, NOON)).isEmpty();
    }
}
