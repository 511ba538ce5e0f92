package dev.alertuser.payload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.payload.WrappedFormats.Alert;
import dev.alertuser.payload.WrappedFormats.Layer;
import dev.alertuser.payload.WrappedFormats.Outside;
import dev.alertuser.payload.json.InvalidBodyException;
import dev.alertuser.payload.json.Json;
import dev.alertuser.payload.json.Located;
import dev.alertuser.payload.json.ReadingWork;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every form of an alert is read in every wrapper. */
class WrappedFormatsTest {
    private static final int LIMIT = 500;
    private static final String ID = "da638200000000000001_-1000000001";

    static Stream<Arguments> everyFormInEveryWrapper() {
        return Stream.of(Alert.values())
                .flatMap(alert -> Stream.of(Layer.values()).map(layer -> Arguments.of(alert, layer)));
    }

    @ParameterizedTest
    @MethodSource("everyFormInEveryWrapper")
    void findsTheAlertInEachFormAndWrapper(Alert alert, Layer layer) {
        String wrapped = layer.around(alert.json(ID));

        assertFindsExactly(ID, wrapped);
        for (Layer outer : Layer.values()) {
            assertFindsExactly(ID, outer.around(wrapped));
        }
        for (Outside outside : Outside.values()) {
            assertFindsExactly(ID, outside.around(wrapped));
        }
    }

    @Test
    void hasAnAlertOfEachFormat() {
        assertThat(Stream.of(Alert.values())
                        .map(alert -> Json.open(Json.MAPPER.getNodeFactory().textNode(alert.json(ID))))
                        .flatMap(json -> Stream.of(json, json.path("properties")))
                        .flatMap(json -> BodyFormat.of(new Located("", json, new ReadingWork())).stream()))
                .contains(Stream.of(BodyFormat.values())
                        .filter(format -> format != BodyFormat.SECURITY_INCIDENT && format != BodyFormat.INCIDENT_ALERT)
                        .toArray(BodyFormat[]::new));
    }

    @Property(tries = 3_000, edgeCases = EdgeCasesMode.NONE)
    void findsExactlyTheOneIdThatABodyHoldsInWhateverItIsWrapped(
            @ForAll Alert alert,
            @ForAll @Size(max = 5) List<Layer> layers,
            @ForAll Outside outside,
            @ForAll("defenderIds") String id) {
        assertFindsExactly(id, outside.around(wrap(alert.json(id), layers)));
    }

    @Property(tries = 3_000, edgeCases = EdgeCasesMode.NONE)
    void findsNothingInABodyThatHoldsNoIdOfDefenderForEndpoint(
            @ForAll Alert alert,
            @ForAll @Size(max = 5) List<Layer> layers,
            @ForAll Outside outside,
            @ForAll("otherIds") String id) {
        assertFindsNothing(outside.around(wrap(alert.json(id), layers)));
    }

    @Property(tries = 3_000, edgeCases = EdgeCasesMode.NONE)
    void findsNothingInABodyOfNoAlert(
            @ForAll("noAlerts") String value, @ForAll @Size(max = 5) List<Layer> layers, @ForAll Outside outside) {
        assertFindsNothing(outside.around(wrap(value, layers)));
    }

    @Provide
    Arbitrary<String> defenderIds() {
        Arbitrary<String> guids =
                Arbitraries.create(() -> java.util.UUID.randomUUID().toString());
        Arbitrary<String> ticks = Arbitraries.longs()
                .between(600_000_000_000_000_000L, 699_999_999_999_999_999L)
                .flatMap(first -> Arbitraries.longs()
                        .between(-99_999_999_999L, 99_999_999_999L)
                        .map(second -> first + "_" + second));
        return Arbitraries.oneOf(
                ticks,
                ticks.map("da"::concat),
                ticks.map("ed"::concat),
                guids.map("da"::concat),
                guids.map("ed"::concat),
                guids);
    }

    @Provide
    Arbitrary<String> otherIds() {
        Arbitrary<String> guids =
                Arbitraries.create(() -> java.util.UUID.randomUUID().toString());
        Arbitrary<String> prefixed = Arbitraries.of(
                        "ra", "ta", "ea", "fa", "aa", "ri", "ca", "rm", "ma", "ad", "dl", "dc", "sn", "ir")
                .flatMap(prefix -> guids.map(prefix::concat));
        return Arbitraries.oneOf(
                prefixed,
                guids.map("2517999999999999999_"::concat),
                guids.map("2518000000000000000_"::concat),
                Arbitraries.of("", " ", "no id", "a:b", "\\u00fc"));
    }

    @Provide
    Arbitrary<String> noAlerts() {
        return Arbitraries.of(
                "{}",
                "[]",
                "{\"hello\":\"world\"}",
                "{\"incidentNumber\":7,\"title\":\"x\"}",
                "{\"systemAlertId\":\"00000000-0000-4000-8000-000000000021\"}",
                "{\"IncidentNumber\":7,\"AlertIds\":[\"00000000-0000-4000-8000-000000000021\"]}",
                "{\"id\":\"28\",\"incidentWebUrl\":\"https://security.microsoft.com/incidents/28\"}",
                "{\"serviceSource\":\"microsoftDefenderForIdentity\",\"id\":\"aa1\"}",
                "{\"productName\":\"Azure Security Center\",\"providerAlertId\":\"d4e5f6a7-0000-4000-8000-00000000000a\"}",
                "{\"operationName\":\"Microsoft.SecurityInsights/Incidents/write\",\"status\":\"Succeeded\"}",
                "{\"validationCode\":\"c\",\"validationUrl\":\"https://example.com\"}",
                "{\"eventSubscriptionId\":\"/subscriptions/1\"}");
    }

    private static String wrap(String value, List<Layer> layers) {
        String wrapped = value;
        for (Layer layer : layers) {
            wrapped = layer.around(wrapped);
        }
        return wrapped;
    }

    private static void assertFindsExactly(String id, String body) {
        AlertIds ids = AlertIds.ofBody(body, LIMIT);

        assertThat(ids.found())
                .extracting(found -> found.alertId().value())
                .as(body)
                .containsExactly(id);
        assertThat(ids.invalid()).as(body).isEmpty();
    }

    private static void assertFindsNothing(String body) {
        try {
            assertThat(AlertIds.ofBody(body, LIMIT).found()).as(body).isEmpty();
        } catch (InvalidBodyException e) {
            assertThat(e.reason()).as(body).isEqualTo(InvalidBodyException.Reason.NO_ALERT_ID);
        }
    }
}
