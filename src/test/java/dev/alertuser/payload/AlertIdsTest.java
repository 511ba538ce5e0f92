package dev.alertuser.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.alertuser.payload.InvalidBodyException.Reason;
import java.io.File;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertIdsTest {
    private static final int LIMIT = 500;
    private static final String ID = "da637472900382838869_1364969609";
    private static final String GUID = "d4e5f6a7-0000-4000-8000-00000000000a";

    @ParameterizedTest
    @EnumSource
    void findsTheIdsOfEachSenderWhereTheyAre(SenderBody body) {
        AlertIds ids = AlertIds.ofBody(body.text(), LIMIT);

        assertThat(SenderBody.describe(ids)).isEqualTo(body.found);
        assertThat(ids.skipped()).isEqualTo(body.skipped);
    }

    @Test
    void hasAnExpectationForEachBodyOnFile() {
        assertThat(new File("src/test/resources/payload").list()).hasSize(SenderBody.values().length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ID,
                "  " + ID + "\r\n",
                "\uFEFF" + ID,
                " \uFEFF \"" + ID + "\"",
                "\"\\\"" + ID + "\\\"\"",
                "[\"" + ID + "\"]",
                "{\"alertId\":\"" + ID + "\"}",
                "{\"AlertID\":\"\\t" + ID + " \"}",
                "{\"alertId\":null,\"alertIds\":[\"" + ID + "\"]}",
                "\"{\\\"alertId\\\":\\\"" + ID + "\\\"}\"",
                "[{\"alertId\":\"" + ID + "\"}]",
                "{\"specversion\":\"1.0\",\"data\":\"" + ID + "\"}",
                "{\"specversion\":\"1.0\",\"data\":[\"" + ID + "\"]}",
            })
    void readsOurOwnFormsHoweverTheyAreWrapped(String body) {
        assertThat(idsOf(body)).containsExactly(ID);
    }

    @Test
    void takesADigitsOnlyTextAsAnId() {
        assertThat(idsOf("636688558380765161")).containsExactly("636688558380765161");
    }

    @Test
    void takesAlertIdBeforeAlertIdsAndEachIdOnce() {
        AlertIds ids = AlertIds.ofMessage("{\"alertIds\":[\"b\",\"a\",\"b\"],\"alertId\":\"a\"}", 2);

        assertThat(SenderBody.describe(ids)).containsExactly("a at alertId", "b at alertIds[0]");
    }

    @Test
    void prefersTheMemberSpelledExactlyAndTheLastOfEqualOnes() {
        assertThat(idsOf("{\"ALERTID\":\"a\",\"alertId\":\"b\",\"alertId\":\"c\"}"))
                .containsExactly("c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://security.microsoft.com/alerts/ID?tid=12345678-0000-4000-8000-000000000000",
                "https://security.microsoft.com/alerts/ID/",
                "https://security.microsoft.com/alerts/ID#top",
                "https://securitycenter.windows.com/alert/ID",
                "https://security.example/preview/Alert/ID/details",
            })
    void takesTheSegmentBehindAlertsOfALink(String link) {
        assertThat(idsOf("{\"AlertLink\":\"" + link.replace("ID", ID) + "\",\"VendorOriginalId\":\"" + GUID + "\"}"))
                .containsExactly(ID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://security.microsoft.com/incidents/123",
                "https://security.microsoft.com/viewalerts?id=fa6c7d8e9f",
                "https://portal.azure.com/#view/alerts/0123",
                "https://security.microsoft.com/alerts",
                "https://security.microsoft.com/alerts/no%20id",
                "",
            })
    void goesOnToTheNextPathWhenALinkIsNotOfAnAlert(String link) {
        AlertIds ids =
                AlertIds.ofMessage("{\"AlertLink\":\"" + link + "\",\"VendorOriginalId\":\"" + GUID + "\"}", LIMIT);

        assertThat(SenderBody.describe(ids)).containsExactly(GUID + " at VendorOriginalId");
        assertThat(ids.found().get(0).hint()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Microsoft Defender for Endpoint",
                "Microsoft Defender Advanced Threat Protection",
                "microsoftDefenderForEndpoint",
                "Microsoft Defender ATP",
                "Windows Defender ATP",
                "MDATP",
                "",
                " ",
            })
    void takesAlertsOfDefenderForEndpointInAllItsSpellingsAndAlertsThatNameNoProduct(String product) {
        assertThat(idsOf("{\"id\":\"" + ID + "\",\"alertWebUrl\":\"x\",\"productName\":\"" + product + "\"}"))
                .containsExactly(ID);
    }

    @Test
    void takesOneSpellingOfTheProductAmongSeveralMembers() {
        assertThat(idsOf(
                        "{\"SystemAlertId\":\"s\",\"ProviderName\":\"MDATP\",\"ProductName\":\"Azure Security Center\","
                                + "\"VendorOriginalId\":\"" + ID + "\"}"))
                .containsExactly(ID);
    }

    @Test
    void neverTakesTheIdOfAnEnvelopeOrOfSentinel() {
        assertThatThrownBy(() -> AlertIds.ofMessage(
                        "{\"specversion\":\"1.0\",\"id\":\"e\",\"incidentId\":1,\"data\":{}}", LIMIT))
                .hasMessageStartingWith("no alert id found; looked at data.alertId, data.alertIds[*], ");
        assertThatThrownBy(() -> AlertIds.ofMessage("{\"SystemAlertId\":\"" + GUID + "\"}", LIMIT))
                .hasMessageStartingWith("no alert id found in a Sentinel alert; looked at ");
    }

    @Test
    void ignoresTheIdOfAnEnvelopeThatCannotStandInAHeader() {
        AlertIds ids = AlertIds.ofMessage("{\"specversion\":\"1.0\",\"id\":\"a\\nb\",\"data\":\"" + ID + "\"}", LIMIT);

        assertThat(ids.found().get(0).correlationId()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"D", ID, " " + ID, "636688558380765161", "hello world", "\uFEFF" + ID, "'" + ID + "'"})
    void takesBareTextForNoIdOverHttp(String body) {
        assertThatThrownBy(() -> AlertIds.ofBody(body, LIMIT))
                .isInstanceOfSatisfying(
                        InvalidBodyException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_BODY))
                .hasMessage(
                        "the body must be JSON that holds an alert id, as {\"alertId\":\"...\"} does, but is bare text");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"" + ID + "\"",
                "\uFEFF\"" + ID + "\"",
                "[\"" + ID + "\"]",
                "\"{\\\"alertId\\\":\\\"" + ID + "\\\"}\"",
                "{\"specversion\":\"1.0\",\"data\":\"" + ID + "\"}"
            })
    void takesAStringWithinJsonForAnIdOverHttp(String body) {
        assertThat(SenderBody.describe(AlertIds.ofBody(body, LIMIT)))
                .hasSize(1)
                .allMatch(found -> found.startsWith(ID));
    }

    static Stream<Arguments> invalidBodies() {
        return Stream.of(
                arguments(
                        "", Reason.INVALID_BODY, "the body must be an alert id, or JSON that holds one, but is empty"),
                arguments(
                        " \n\uFEFF ",
                        Reason.INVALID_BODY,
                        "the body must be an alert id, or JSON that holds one, but is empty"),
                arguments(
                        "null",
                        Reason.INVALID_BODY,
                        "the body must be an alert id, or JSON that holds one, but is null"),
                arguments(
                        "{\"alertId\":\n\"a\" x}",
                        Reason.INVALID_BODY,
                        "the body must be JSON but is not valid at line 2, column 5"),
                arguments(
                        "{\"alertId\":\"a\"} {}",
                        Reason.INVALID_BODY,
                        "the body must be JSON but is not valid at line 1, column 17"),
                arguments(
                        "{\"specversion\":\"1.0\",\"data\":\"{x\"}",
                        Reason.INVALID_BODY,
                        "data must be JSON but is not valid at line 1, column 2"),
                arguments(
                        "{\"alertIds\":\"a\"}",
                        Reason.INVALID_BODY,
                        "alertIds must be an array of alert ids but is a string"),
                arguments(
                        "{\"alertId\":42}",
                        Reason.INVALID_BODY,
                        "alertId must be an alert id as a string but is a number"),
                arguments(
                        "{\"alertIds\":[\"a\",null]}",
                        Reason.INVALID_BODY,
                        "alertIds[1] must be an alert id as a string but is null"),
                arguments(
                        "[\"a\",true]",
                        Reason.INVALID_BODY,
                        "[1] must be an alert id as a string, or an object that holds one, but is a boolean"),
                arguments(
                        "[[\"a\"]]",
                        Reason.INVALID_BODY,
                        "[0] must be an alert id as a string, or an object that holds one, but is an array"),
                arguments(
                        "{\"alertId\":\"a\",\"correlationId\":\"two words\"}",
                        Reason.INVALID_BODY,
                        "correlationId must be a string of 1 to 128 visible ASCII characters"),
                arguments(
                        "hello world",
                        Reason.INVALID_ALERT_ID,
                        "alert id may hold only A-Z a-z 0-9 _ - but character 6 is U+0020"),
                arguments(
                        "{\"alertIds\":[\"a\",\"b\",\"c\",\"a/b\"]}",
                        Reason.INVALID_ALERT_ID,
                        "alertIds[3]: alert id may hold only A-Z a-z 0-9 _ - but character 2 is '/'"),
                arguments(
                        "{\"alertId\":\"\"}",
                        Reason.INVALID_ALERT_ID,
                        "alertId: alert id must have 1 to 128 characters but has 0"),
                arguments(
                        "[\"" + "a".repeat(129) + "\"]",
                        Reason.INVALID_ALERT_ID,
                        "[0]: alert id must have 1 to 128 characters but has 129"),
                arguments("[]", Reason.NO_ALERT_ID, "no alert id found; looked at [*]"),
                arguments("{\"alertIds\":[]}", Reason.NO_ALERT_ID, "no alert id found; looked at alertId, alertIds[*]"),
                arguments(
                        "{\"specversion\":\"1.0\",\"data\":{\"records\":[{\"properties\":{\"AlertId\":\"no id\"}}]}}",
                        Reason.NO_ALERT_ID,
                        "no alert id found in records of the Streaming API; looked at"
                                + " data.records[*].properties.AlertId, data.properties.AlertId"),
                arguments(
                        "{\"alerts\":[{\"id\":\"a\",\"serviceSource\":\"microsoftDefenderForIdentity\"}]}",
                        Reason.NO_ALERT_ID,
                        "no alert id found in a Defender XDR incident; looked at alerts[*].alertId, alerts[*].id,"
                                + " alerts[*].alertWebUrl, alerts[*].providerAlertId, value[*].alerts[*].alertId,"
                                + " value[*].alerts[*].id, value[*].alerts[*].alertWebUrl,"
                                + " value[*].alerts[*].providerAlertId; 1 alert of another product was left out"),
                arguments(
                        "{\"hello\":\"world\"}",
                        Reason.NO_ALERT_ID,
                        "no alert id found; looked at alertId, alertIds[*],"
                                + " object.properties.alerts[*].properties.additionalData.Custom Details.AlertId[*],"
                                + " object.properties.alerts[*].properties.alertLink,"
                                + " object.properties.alerts[*].properties.providerAlertId, alerts[*].alertId,"
                                + " alerts[*].id, alerts[*].alertWebUrl, alerts[*].providerAlertId,"
                                + " value[*].alerts[*].alertId, value[*].alerts[*].id,"
                                + " value[*].alerts[*].alertWebUrl, value[*].alerts[*].providerAlertId,"
                                + " records[*].properties.AlertId, properties.AlertId, value[*].resourceData.id,"
                                + " value[*].resource, ExtendedProperties.Custom Details.AlertId[*], AlertLink,"
                                + " VendorOriginalId, ProviderAlertId,"
                                + " value[*].ExtendedProperties.Custom Details.AlertId[*], value[*].AlertLink,"
                                + " value[*].VendorOriginalId, value[*].ProviderAlertId, id, alertWebUrl,"
                                + " providerAlertId, value[*].id, value[*].alertWebUrl, value[*].providerAlertId"));
    }

    @Test
    void tellsWhatGraphNotificationsGiveAsTheirClientStateWhereverTheyAre() {
        String notification = SenderBody.GRAPH_CHANGE_NOTIFICATION.text();

        for (String body :
                List.of(notification, "[" + notification + "]", notification.replace("clientState", "CLIENTSTATE"))) {
            assertThat(AlertIds.ofMessage(body, LIMIT).clientStates()).containsExactlyInAnyOrder("made-up-secret", "");
        }
        assertThat(AlertIds.ofMessage(SenderBody.EVENT_GRID.text(), LIMIT).clientStates())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"value\":[%s],\"alertId\":\"a\"}",
                "{\"value\":[%s],\"alerts\":[{\"id\":\"a\"}]}",
                "{\"value\":[{\"alertId\":\"a\",\"notification\":%s}],\"alertIds\":[\"a\"]}",
                "{\"specversion\":\"1.0\",\"data\":{\"alertId\":\"a\",\"value\":[%s]}}",
                "[\"a\",{\"alertId\":\"b\",\"x\":{\"y\":[[%s]]}}]",
            })
    void tellsTheClientStateWhateverFormIsAroundTheNotification(String body) {
        for (String notification : List.of(
                "{\"clientState\":\"made-up\"}",
                "{\"CLIENTSTATE\":\"made-up\",\"changeType\":\"created\"}",
                Json.MAPPER
                        .getNodeFactory()
                        .textNode("{\"ClientState\":\"made-up\"}")
                        .toString())) {
            assertThat(AlertIds.ofMessage(body.formatted(notification), LIMIT).clientStates())
                    .containsExactly("made-up");
        }
        for (String notification : List.of(
                "{\"changeType\":\"created\"}",
                "{\"resourceData\":{\"id\":\"a\"}}",
                "{\"clientState\":null}",
                "{\"clientState\":7}")) {
            assertThat(AlertIds.ofMessage(body.formatted(notification), LIMIT).clientStates())
                    .containsExactly("");
        }
    }

    @Test
    void tellsABodyOfOtherProductsFromOneWithoutAlerts() {
        String other = "{\"alerts\":[{\"id\":\"a\",\"serviceSource\":\"microsoftDefenderForIdentity\"}]}";

        assertThat(catchThrowableOfType(InvalidBodyException.class, () -> AlertIds.ofMessage(other, LIMIT))
                        .skipped())
                .isEqualTo(1);
        assertThat(catchThrowableOfType(InvalidBodyException.class, () -> AlertIds.ofMessage("{}", LIMIT))
                        .skipped())
                .isZero();
    }

    @ParameterizedTest
    @MethodSource("invalidBodies")
    void saysWhatIsWrongAndWhere(String body, Reason reason, String message) {
        assertInvalid(body, LIMIT, reason, message);
    }

    @Test
    void takesAsManyDistinctIdsAsTheLimitAndNoMore() {
        String body = IntStream.range(0, LIMIT).mapToObj(i -> "\"a" + i + "\"").collect(Collectors.joining(","));

        assertThat(idsOf("[" + body + ",\"a0\"]")).hasSize(LIMIT);
        assertInvalid(
                "[" + body + ",\"b\"]",
                LIMIT,
                Reason.TOO_MANY_ALERTS,
                "the body must hold at most 500 different alert ids but holds more");
        assertInvalid(
                "[\"a\",\"b\"]", 1, Reason.TOO_MANY_ALERTS, "the body must hold at most 1 alert id but holds more");
    }

    @Test
    void refusesABodyOfMoreThan1MiBInUtf8() {
        String umlauts = "\"" + "ä".repeat(AlertIds.MAX_BYTES / 2) + "\"";

        assertInvalid(umlauts, LIMIT, Reason.TOO_LARGE, "the body must have at most 1048576 bytes");
    }

    @Test
    void readsAStringOf1MiBWithoutQuotingIt() {
        String body = "{\"alertId\":\"" + "a".repeat(AlertIds.MAX_BYTES - 14) + "\"}";

        assertInvalid(
                body,
                LIMIT,
                Reason.INVALID_ALERT_ID,
                "alertId: alert id must have 1 to 128 characters but has 1048562");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"data\":", "{\"specversion\":\"1.0\",\"data\":", "[{\"value\":"})
    void refusesNestingThatIsMeantToHarm(String opening) {
        String deep = opening.repeat(100_000 / opening.length());

        assertInvalid(
                deep,
                LIMIT,
                Reason.INVALID_BODY,
                "the body must be JSON of at most 64 levels, with names and numbers of a usual length");
    }

    @Test
    void treatsATextTooDeepToReadAsNoValueOfASender() {
        String deep = "[".repeat(100_000);

        assertThat(idsOf("{\"ExtendedProperties\":\"" + deep + "\",\"VendorOriginalId\":\"" + ID + "\"}"))
                .containsExactly(ID);
    }

    @Test
    void refusesANumberThatIsMeantToHarm() {
        assertInvalid(
                "{\"alertId\":" + "9".repeat(100_000) + "}",
                LIMIT,
                Reason.INVALID_BODY,
                "the body must be JSON of at most 64 levels, with names and numbers of a usual length");
    }

    @Test
    void readsJsonInJsonFourTimesAndNoFurther() {
        String body = "{\"alertId\":\"" + ID + "\"}";
        for (int i = 0; i < 3; i++) {
            body = Json.MAPPER.getNodeFactory().textNode(body).toString();
        }
        assertThat(idsOf(body)).containsExactly(ID);

        assertInvalid(
                Json.MAPPER.getNodeFactory().textNode(body).toString(),
                LIMIT,
                Reason.INVALID_ALERT_ID,
                "alert id may hold only A-Z a-z 0-9 _ - but character 1 is '{'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[%s]",
                "{\"value\":[%s]}",
                "{\"alerts\":[%s]}",
                "{\"records\":[%s]}",
                "{\"value\":[{\"alerts\":[%s]}]}",
                "{\"object\":{\"properties\":{\"alerts\":[%s]}}}",
                "[{\"specversion\":\"1.0\",\"data\":[%s]}]",
            })
    void stopsLookingAmidHugeArraysOfNothing(String body) {
        for (String nothing : List.of("{}", "\"{}\"")) {
            String many = Stream.generate(() -> nothing).limit(200_000).collect(Collectors.joining(","));

            assertInvalid(
                    body.formatted(many),
                    LIMIT,
                    Reason.TOO_MANY_ALERTS,
                    "the body must be smaller: alert ids were looked for in more than 20000 elements of its arrays");
        }
    }

    @Test
    void stopsLookingAmidManyArraysOfNothing() {
        String many =
                Stream.generate(() -> "{\"value\":[{},{},{}]}").limit(40_000).collect(Collectors.joining(","));

        assertInvalid(
                "[" + many + "]",
                LIMIT,
                Reason.TOO_MANY_ALERTS,
                "the body must be smaller: alert ids were looked for in more than 20000 elements of its arrays");
    }

    @Test
    void keepsTheCorrelationIdOfAnInvalidBody() {
        InvalidBodyException e = catchThrowableOfType(
                InvalidBodyException.class,
                () -> AlertIds.ofMessage("{\"alertId\":\"a b\",\"correlationId\":\"run-0815\"}", LIMIT));

        assertThat(e.correlationId()).isEqualTo("run-0815");
    }

    private static List<String> idsOf(String body) {
        return AlertIds.ofMessage(body, LIMIT).found().stream()
                .map(found -> found.alertId().value())
                .toList();
    }

    private static void assertInvalid(String body, int limit, Reason reason, String message) {
        InvalidBodyException e =
                catchThrowableOfType(InvalidBodyException.class, () -> AlertIds.ofMessage(body, limit));

        assertThat(e).isNotNull().hasMessage(message);
        assertThat(e.reason()).isEqualTo(reason);
    }
}
