package dev.alertuser.functions.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.when;

import com.microsoft.azure.functions.HttpResponseMessage;
import dev.alertuser.functions.http.GivenRequest;
import dev.alertuser.service.AnonymousTraffic;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.LeftOut;
import dev.alertuser.service.alert.LookupId;
import dev.alertuser.service.alert.LookupProgress;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.alert.PendingLookup;
import dev.alertuser.service.alert.PendingLookup.Kind;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Bounds on the cost of polls without a key. */
class LookupFunctionTest {
    private GivenLookups given;

    @BeforeEach
    void lookups() throws Exception {
        given = new GivenLookups();
    }

    @Test
    void aPollBeforeItsTimeIsAnsweredFromTheRowAlone() throws Exception {
        LookupId id = pending(500, Duration.ofSeconds(60));

        for (int i = 0; i < 10; i++) {
            HttpResponseMessage response = poll(id);
            assertThat(response.getStatusCode()).isEqualTo(202);
            assertThat(response.getHeader("Retry-After")).isEqualTo(Integer.toString(60 - i));
            given.now = given.now.plusSeconds(1);
        }

        assertThat(given.permits).hasValue(0);
        assertThat(given.cache.reads()).isZero();
        assertThat(given.lines)
                .as("nobody but its sender gains by a line for each poll")
                .isEmpty();
    }

    @Test
    void aPollAtItsRetryAfterIsWorkedOnEvenIfThePermitIsFarAway() throws Exception {
        given.quotaIsSpentFor(Duration.ofMinutes(45));
        GivenRequest request =
                GivenRequest.get("https://app.example.com/api/alerts/da1/user").with(Map.of("mode", "async"));
        HttpResponseMessage response =
                new AlertUserFunction(given.edge(), given.lookups()).run(request, "da1", given.context("AlertUser"));
        assertThat(response.getHeader("Retry-After")).isEqualTo("300");
        given.cache.put(new AlertId("da1"), GivenLookups.FOUND);
        given.now = given.now.plusSeconds(300);

        LookupId id = LookupId.parse(response.getHeader("Location").replaceFirst(".*/", ""))
                .orElseThrow();

        assertThat(poll(id).getStatusCode()).as("another caller's answer").isEqualTo(200);
    }

    /** Not a moment before its {@code Retry-After}, nor a moment after. */
    @ParameterizedTest(name = "lookup due in {0}: comes back after {1} s")
    @CsvSource({"PT60S, 60", "PT8.5S, 9", "PT8.000000001S, 9", "PT0.000000001S, 1"})
    void aPollThatObeysItsRetryAfterIsWorkedOn(Duration due, long retryAfter) {
        LookupId id = pending(1, due);

        assertThat(poll(id).getHeader("Retry-After")).isEqualTo(Long.toString(retryAfter));
        given.now = given.now.plusSeconds(retryAfter);

        assertThat(poll(id).getStatusCode()).isEqualTo(200);
    }

    @Test
    void aPollAtItsTimeSettlesTheLookupAndTheRowHoldsTheAnswer() throws Exception {
        given.defenderAnswers(GivenLookups.FOUND);
        LookupId id = pending(500, Duration.ofSeconds(60));
        given.now = given.now.plusSeconds(60);

        String body = (String) poll(id).getBody();
        int reads = given.cache.reads();
        HttpResponseMessage again = poll(id);

        assertThat(body).contains("\"found\":500");
        assertThat(again.getStatusCode()).isEqualTo(200);
        assertThat((String) again.getBody()).contains("\"found\":500");
        assertThat(given.cache.reads()).isEqualTo(reads);
        assertThat(given.permits).hasValue(500);
    }

    @ParameterizedTest
    @EnumSource(names = {"DEFENDER_BAD_ANSWER", "DEFENDER_ACCESS_DENIED"})
    void aHundredPollsOfAFailingAlertCostOnePermit(Reason reason) throws Exception {
        given.defenderAnswers(new Deferred(reason, Duration.ofSeconds(30), "c-1", 200));
        LookupId id = pending(1, Duration.ZERO);

        HttpResponseMessage first = poll(id);
        for (int i = 0; i < 99; i++) {
            assertThat(poll(id).getStatusCode()).isEqualTo(502);
        }

        assertThat(first.getHeader("Retry-After")).isEqualTo("30");
        assertThat(given.permits).hasValue(1);
        given.now = given.now.plusSeconds(10);
        assertThat(poll(id).getHeader("Retry-After")).as("the rest of it").isEqualTo("20");
        given.now = given.now.plusSeconds(20);
        given.defenderAnswers(GivenLookups.FOUND);
        assertThat(poll(id).getStatusCode()).as("once it was mended").isEqualTo(200);
    }

    @Test
    void anOutageCostsABoundedNumberOfPermitsAndEndsAsAnError() throws Exception {
        given.defenderAnswers(new Deferred(Reason.DEFENDER_UNAVAILABLE, Duration.ofSeconds(30), null, 503));
        LookupId id = pending(1, Duration.ZERO);

        HttpResponseMessage response = poll(id);
        List<String> pauses = new ArrayList<>();
        while (response.getStatusCode() == 202) {
            pauses.add(response.getHeader("Retry-After"));
            given.now = given.now.plusSeconds(Long.parseLong(response.getHeader("Retry-After")));
            response = poll(id);
        }

        assertThat(pauses).startsWith("30", "60", "120", "240", "300").endsWith("300");
        assertThat(response.getStatusCode()).isEqualTo(503);
        assertThat(poll(id).getStatusCode()).isEqualTo(503);
        assertThat(given.permits).hasValue(51);
    }

    @Test
    void onlyOneOfTwoConcurrentPollsWorksOnALookup() throws Exception {
        LookupId id = pending(1, Duration.ZERO);
        List<HttpResponseMessage> meanwhile = new ArrayList<>();
        when(given.session.findUser(any(), any(), any())).thenAnswer(call -> {
            meanwhile.add(poll(id));
            return GivenLookups.FOUND;
        });

        assertThat(poll(id).getStatusCode()).isEqualTo(200);
        assertThat(meanwhile.get(0).getStatusCode()).isEqualTo(202);
        assertThat(given.permits).hasValue(1);
    }

    @Test
    void theClaimOfAPollThatNeverEndsRunsOut() throws Exception {
        given.defenderAnswers(GivenLookups.FOUND);
        LookupId id = pending(1, Duration.ZERO);
        when(given.defender.authorize(any())).thenThrow(new IllegalStateException("the process ends here"));
        assertThat(poll(id).getStatusCode()).isEqualTo(500);
        doReturn(given.session).when(given.defender).authorize(any());

        HttpResponseMessage response = poll(id);
        assertThat(response.getStatusCode()).isEqualTo(202);
        given.now = given.now.plusSeconds(Long.parseLong(response.getHeader("Retry-After")));

        assertThat(poll(id).getStatusCode()).isEqualTo(200);
    }

    @Test
    void anonymousAnswersHaveNoBudgetHeaders() throws Exception {
        given.defenderAnswers(GivenLookups.FOUND);

        assertThat(poll(pending(1, Duration.ZERO)).getHeader("RateLimit")).isNull();
        assertThat(poll(LookupId.random(LocalDate.of(2026, 1, 1), new SecureRandom()))
                        .getHeader("RateLimit"))
                .isNull();
    }

    @Test
    void unknownLookupsAreCountedAndNotLogged() {
        for (int i = 0; i < 7; i++) {
            LookupId unknown = LookupId.random(LocalDate.of(2026, 1, 1), new SecureRandom());
            assertThat(poll(unknown).getStatusCode()).isEqualTo(404);
        }

        assertThat(given.lines).isEmpty();
        assertThat(given.anonymous.takeCalls()).isEqualTo(7);
    }

    @Test
    void anOutageOfTheTableIsLoggedOnceAMinute() {
        given.pending.goOutOfReach();
        for (int i = 0; i < 7; i++) {
            HttpResponseMessage response = poll(LookupId.random(LocalDate.of(2026, 1, 1), new SecureRandom()));
            assertThat(response.getStatusCode()).isEqualTo(503);
            assertThat(response.getHeader("x-ms-error-code")).isEqualTo("LookupsUnavailable");
        }

        assertThat(given.lines).singleElement().asString().startsWith("the table of lookups is out of reach");
    }

    @Test
    void tooManyConcurrentReadsAreRefused() throws Exception {
        AnonymousTraffic traffic = given.anonymous;
        LookupId unknown = LookupId.random(LocalDate.of(2026, 1, 1), new SecureRandom());

        HttpResponseMessage response = whileReading(traffic, 20, () -> poll(unknown));

        assertThat(response.getStatusCode()).isEqualTo(503);
        assertThat(response.getHeader("x-ms-error-code")).isEqualTo("LookupsBusy");
        assertThat(response.getHeader("Retry-After")).isEqualTo("1");
        assertThat(poll(unknown).getStatusCode()).as("afterwards").isEqualTo(404);
    }

    private static <T> T whileReading(AnonymousTraffic traffic, int reads, Supplier<T> then)
            throws InterruptedException {
        if (reads == 0) {
            return then.get();
        }
        return traffic.read(() -> {
                    try {
                        return whileReading(traffic, reads - 1, then);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .orElseThrow();
    }

    private LookupId pending(int alerts, Duration notBefore) {
        List<AlertId> ids =
                IntStream.range(0, alerts).mapToObj(i -> new AlertId("da" + i)).toList();
        PendingLookup lookup = new PendingLookup(
                alerts == 1 ? Kind.SINGLE : Kind.BATCH,
                ids,
                LeftOut.NOTHING,
                false,
                GivenLookups.NOON,
                new Correlation("c-1", null));
        return given.pending.add(lookup, LookupProgress.pending(GivenLookups.NOON.plus(notBefore), 0));
    }

    private HttpResponseMessage poll(LookupId id) {
        String path = "/api/lookups/" + id.text();
        return new LookupFunction(given.edge(), given.lookups())
                .run(GivenRequest.get("https://app.example.com" + path), id.text(), given.context("Lookup"));
    }
}
