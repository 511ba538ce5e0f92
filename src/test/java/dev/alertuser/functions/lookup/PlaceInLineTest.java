package dev.alertuser.functions.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.azure.functions.HttpResponseMessage;
import dev.alertuser.functions.http.GivenRequest;
import dev.alertuser.service.alert.LookupId;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A caller that comes back when it was told finds its place in line, whatever way in it takes. */
class PlaceInLineTest {
    private static final Deferred FAILURE =
            new Deferred(Reason.DEFENDER_UNAVAILABLE, Duration.ofSeconds(30), null, 503);

    private GivenLookups given;

    @BeforeEach
    void lookups() throws Exception {
        given = new GivenLookups();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.1S", "PT12S", "PT4M59.5S"})
    void aPollAtItsTimeIsServed(Duration place) throws Exception {
        GivenLine line = lineFrom(place);
        HttpResponseMessage response = get(Map.of("mode", "async"));

        response = comeBack(response);

        assertThat(response.getStatusCode()).isEqualTo(200);
        assertThat(line.lapsed()).isZero();
    }

    @Test
    void aPollIsToldItsPlaceEvenIfTheLookupHasSpentPermitsInVain() throws Exception {
        given.defenderAnswers(FAILURE);
        HttpResponseMessage response = get(Map.of("mode", "async"));
        response = comeBack(response);
        response = comeBack(response);
        assertThat(given.permits).hasValue(3);
        GivenLine line = lineFrom(Duration.ofMinutes(3));
        given.defenderAnswers(GivenLookups.FOUND);

        response = comeBack(response);
        assertThat(response.getHeader("Retry-After"))
                .as("180 s less the 120 s of the last backoff")
                .isEqualTo("60");
        response = comeBack(response);

        assertThat(response.getStatusCode()).isEqualTo(200);
        assertThat(line.lapsed()).isZero();
    }

    @Test
    void theTimeThatTheTableTakesIsNoPartOfTheTimeThatIsTold() throws Exception {
        GivenLine line = lineFrom(Duration.ofSeconds(60));
        given.pending.duringWrites(() -> given.now = given.now.plusSeconds(6));

        HttpResponseMessage response = get(Map.of("mode", "async"));
        assertThat(response.getHeader("Retry-After")).isEqualTo("54");
        response = comeBack(response);

        assertThat(response.getStatusCode()).isEqualTo(200);
        assertThat(line.lapsed()).isZero();
    }

    /** A permit an hour away: the told time is cut at 300 s, and to come then is free of charge. */
    @Test
    void aPollBeforeItsPlaceCostsNoPermitAndKeepsThePlace() throws Exception {
        GivenLine line = lineFrom(Duration.ofSeconds(1000));
        HttpResponseMessage response = get(Map.of("mode", "async"));
        for (String told : new String[] {"300", "300", "300", "100"}) {
            assertThat(response.getHeader("Retry-After")).isEqualTo(told);
            assertThat(given.permits).hasValue(0);
            response = comeBack(response);
        }

        assertThat(response.getStatusCode()).isEqualTo(200);
        assertThat(given.permits).hasValue(1);
        assertThat(line.lapsed()).isZero();
    }

    @Test
    void aCallerThatRepeatsItsCallIsServedAtItsTime() throws Exception {
        lineFrom(Duration.ofSeconds(60));

        HttpResponseMessage response = get(Map.of());
        assertThat(response.getStatusCode()).isEqualTo(429);
        assertThat(response.getHeader("Retry-After")).isEqualTo("60");
        given.now = given.now.plusSeconds(60);

        assertThat(get(Map.of()).getStatusCode()).isEqualTo(200);
    }

    /** Each visit settles the alerts that are due and takes places for the next ones. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBatchComesBackAtTheFirstOfItsPlacesUntilAllIsSettled(boolean async) throws Exception {
        GivenLine line = lineFrom(Duration.ofSeconds(10));
        String ids = ids(60);
        HttpResponseMessage response = post(ids, async);
        assertThat(response.getHeader("Retry-After")).isEqualTo("10");
        int visits = 1;
        while (response.getHeader("Retry-After") != null) {
            if (async) {
                assertThat(response.getStatusCode()).isEqualTo(202);
                response = comeBack(response);
            } else {
                given.now = given.now.plusSeconds(Long.parseLong(response.getHeader("Retry-After")));
                response = post(ids, false);
            }
            visits++;
        }

        assertThat((String) response.getBody()).contains("\"found\":60");
        assertThat(line.lapsed()).isZero();
        assertThat(line.longest()).isEqualTo(25);
        assertThat(given.permits).hasValue(60);
        assertThat(visits).isLessThanOrEqualTo(61);
    }

    private GivenLine lineFrom(Duration first) throws InterruptedException {
        GivenLine line = new GivenLine(given.now.plus(first), Duration.ofMillis(2400));
        given.permitsComeInLine(line);
        return line;
    }

    private static String ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"da" + i + "\"").collect(Collectors.joining(",", "[", "]"));
    }

    private HttpResponseMessage get(Map<String, String> query) {
        GivenRequest request =
                GivenRequest.get("https://app.example.com/api/alerts/da1/user").with(query);
        return new AlertUserFunction(given.edge(), given.lookups()).run(request, "da1", given.context("AlertUser"));
    }

    private HttpResponseMessage post(String body, boolean async) {
        GivenRequest request = GivenRequest.post("https://app.example.com/api/alerts/users", body);
        return new AlertUsersFunction(given.edge(), given.lookups())
                .run(async ? request.with(Map.of("mode", "async")) : request, given.context("AlertUsers"));
    }

    /** Polls when the response says so. */
    private HttpResponseMessage comeBack(HttpResponseMessage pending) {
        assertThat(pending.getStatusCode()).isEqualTo(202);
        given.now = given.now.plusSeconds(Long.parseLong(pending.getHeader("Retry-After")));
        String location = pending.getHeader("Location");
        LookupId id = LookupId.parse(location.replaceFirst(".*/", "")).orElseThrow();
        return new LookupFunction(given.edge(), given.lookups())
                .run(GivenRequest.get(location), id.text(), given.context("Lookup"));
    }
}
