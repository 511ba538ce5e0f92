package dev.alertuser.functions.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.azure.functions.HttpResponseMessage;
import dev.alertuser.functions.http.GivenRequest;
import dev.alertuser.functions.http.Json;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AlertUsersFunctionTest {
    private GivenLookups given;

    @BeforeEach
    void lookups() throws Exception {
        given = new GivenLookups();
    }

    @Test
    void answersWithAnOutcomeForEachAlertAndForEachPartThatIsNone() {
        HttpResponseMessage response = post("[\"da1\",\"a.b\",\"da2\",\"da1\"]");

        assertThat(response.getStatusCode()).isEqualTo(200);
        JsonNode body = Json.read((String) response.getBody());
        assertThat(body.at("/results/0/alertId").textValue()).isEqualTo("da1");
        assertThat(body.at("/results/0/outcome").textValue()).isEqualTo("found");
        assertThat(body.at("/results/1/alertId").textValue()).isEqualTo("da2");
        assertThat(body.at("/results/2/outcome").textValue()).isEqualTo("invalid");
        assertThat(body.at("/results/2/error/target").textValue()).isEqualTo("[1]");
        assertThat(body.at("/duplicates/0/path").textValue()).isEqualTo("[3]");
        assertThat(given.permits).hasValue(2);
    }

    @Test
    void defersWhatGetsNoPermitAndSaysWhenToComeBack() throws Exception {
        given.quotaIsSpentFor(Duration.ofSeconds(12));

        HttpResponseMessage response = post("[\"da1\"]");

        assertThat(response.getStatusCode()).isEqualTo(200);
        assertThat(response.getHeader("Retry-After")).isEqualTo("12");
        JsonNode outcome = Json.read((String) response.getBody()).at("/results/0");
        assertThat(outcome.get("outcome").textValue()).isEqualTo("deferred");
        assertThat(outcome.get("retryAfterSeconds").longValue()).isEqualTo(12);
    }

    @Test
    void namesNoTimeForAnAlertThatIsNotDeferred() {
        JsonNode outcome = Json.read((String) post("[\"da1\"]").getBody()).at("/results/0");

        assertThat(outcome.get("outcome").textValue()).isNotEqualTo("deferred");
        assertThat(outcome.has("retryAfterSeconds")).isFalse();
    }

    @Test
    void answersAnIncidentWithoutAlertsWithAnEmptyList() {
        HttpResponseMessage response = post("{\"object\":{\"properties\":{\"incidentNumber\":7,\"alerts\":[]}}}");

        assertThat(response.getStatusCode()).isEqualTo(200);
        assertThat(Json.read((String) response.getBody()).get("results")).isEmpty();
    }

    @Test
    void answers400ToMoreThanFiveHundredAlerts() {
        String ids =
                IntStream.range(0, 501).mapToObj(i -> "\"da" + i + "\"").collect(Collectors.joining(",", "[", "]"));

        assertThat(post(ids).getHeader("x-ms-error-code")).isEqualTo("TooManyAlerts");
        assertThat(given.permits).hasValue(0);
    }

    private HttpResponseMessage post(String body) {
        return new AlertUsersFunction(given.edge(), given.lookups())
                .run(GivenRequest.post("https://app.example.com/api/alerts/users", body), given.context("AlertUsers"));
    }
}
