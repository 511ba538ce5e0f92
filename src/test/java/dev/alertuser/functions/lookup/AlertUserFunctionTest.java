package dev.alertuser.functions.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpResponseMessage;
import dev.alertuser.config.SettingsException;
import dev.alertuser.functions.http.GivenRequest;
import dev.alertuser.functions.http.Json;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Source;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertUserFunctionTest {
    private static final String URL = "https://app.example.com/api/alerts/da1/user";

    private GivenLookups given;

    @BeforeEach
    void lookups() throws Exception {
        given = new GivenLookups();
    }

    @Test
    void answersWithDefendersOwnJsonAndWhatACacheNeeds() {
        HttpResponseMessage response = get(Map.of(), "da1");

        assertThat(response.getStatusCode()).isEqualTo(200);
        assertThat(response.getBody()).isEqualTo(GivenLookups.USER);
        assertThat(response.getHeader("Cache-Control")).isEqualTo("private, max-age=900");
        assertThat(response.getHeader("Age")).isNull();
        assertThat(given.lines).singleElement().asString().contains("\"source\":\"defender\"");
    }

    @Test
    void answersASecondTimeFromTheCacheWithItsAge() {
        get(Map.of(), "da1");
        given.now = GivenLookups.NOON.plusSeconds(60);

        HttpResponseMessage response = get(Map.of(), "da1");

        assertThat(response.getBody()).isEqualTo(GivenLookups.USER);
        assertThat(response.getHeader("Age")).isEqualTo("60");
        assertThat(given.permits).hasValue(1);
    }

    @Test
    void answers304ToACallerThatHasThisAnswer() {
        String eTag = get(Map.of(), "da1").getHeader("ETag");

        HttpResponseMessage response = get(Map.of("If-None-Match", "W/" + eTag), "da1");

        assertThat(response.getStatusCode()).isEqualTo(304);
        assertThat(response.getBody()).isNull();
    }

    @Test
    void answers404LikeDefender() throws Exception {
        given.defenderAnswers(new NotFound(new Origin(Source.DEFENDER, GivenLookups.NOON, "c-1", 404)));

        assertError(get(Map.of(), "da1"), 404, "AlertOrUserNotFound");
    }

    @Test
    void answers400ToAMalformedIdWithoutTheApp() {
        HttpResponseMessage response = new AlertUserFunction(given.edge(), GivenLookups.withoutApp())
                .run(GivenRequest.get(URL), "a.b", given.context("AlertUser"));

        assertError(response, 400, "InvalidAlertId");
    }

    @ParameterizedTest(name = "next permit in {0}: {1} s")
    @CsvSource({
        "PT0S, 1",
        "PT8S, 8",
        "PT8.000000001S, 9",
        "PT8.5S, 9",
        "PT8.999999999S, 9",
        "PT9S, 9",
        "PT45M, 2700",
    })
    void answers429WithRetryAfterRoundedUpToWholeSeconds(Duration nextPermit, String retryAfter) throws Exception {
        given.quotaIsSpentFor(nextPermit);

        HttpResponseMessage response = get(Map.of(), "da1");

        assertError(response, 429, "BudgetExhausted");
        assertThat(response.getHeader("Retry-After")).isEqualTo(retryAfter);
    }

    @ParameterizedTest(name = "next permit in {0}: {1} s")
    @CsvSource({
        "PT8.5S, 9",
        "PT4M58.999999999S, 299",
        "PT4M59S, 299",
        "PT4M59.000000001S, 300",
        "PT5M, 300",
        "PT5M0.000000001S, 300",
        "PT45M, 300",
    })
    void anAsynchronousCallerComesBackAfter300SecondsAtMost(Duration nextPermit, int retryAfter) throws Exception {
        given.quotaIsSpentFor(nextPermit);

        HttpResponseMessage response = get(Map.of("Prefer", "respond-async"), "da1");

        assertThat(response.getStatusCode()).isEqualTo(202);
        assertThat(response.getHeader("Retry-After")).isEqualTo(Integer.toString(retryAfter));
        assertThat(Json.read((String) response.getBody())
                        .get("retryAfterSeconds")
                        .intValue())
                .isEqualTo(retryAfter);
    }

    @Test
    void answers202ToAnAsynchronousCallerInstead() throws Exception {
        given.quotaIsSpentFor(Duration.ofSeconds(12));

        HttpResponseMessage response = get(Map.of("Prefer", "respond-async"), "da1");

        assertThat(response.getStatusCode()).isEqualTo(202);
        assertThat(response.getHeader("Retry-After")).isEqualTo("12");
        assertThat(response.getHeader("Preference-Applied")).isEqualTo("respond-async");
        assertThat(response.getHeader("Location")).startsWith("http://app.example.com/api/lookups/20260101-");
    }

    @Test
    void answers500WhileTheSettingsAreWrongAndShowsNoneOfThem() {
        HttpResponseMessage response = new AlertUserFunction(
                        given.edge(),
                        GivenLookups.failing(new SettingsException("RATE_LIMITS must be something else than secret")))
                .run(GivenRequest.get(URL), "da1", given.context("AlertUser"));

        assertError(response, 500, "InternalError");
        assertThat((String) response.getBody()).contains("/api/health/detail").doesNotContain("secret");
    }

    private static void assertError(HttpResponseMessage response, int status, String code) {
        assertThat(response.getStatusCode()).isEqualTo(status);
        assertThat(response.getHeader("x-ms-error-code")).isEqualTo(code);
        JsonNode error = Json.read((String) response.getBody()).get("error");
        assertThat(error.get("code").textValue()).isEqualTo(code);
        assertThat(error.get("message").textValue()).isNotEmpty();
    }

    private HttpResponseMessage get(Map<String, String> headers, String id) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("host", "app.example.com");
        GivenRequest request = new GivenRequest(HttpMethod.GET, URL, all, Map.of(), null);
        return new AlertUserFunction(given.edge(), given.lookups()).run(request, id, given.context("AlertUser"));
    }
}
