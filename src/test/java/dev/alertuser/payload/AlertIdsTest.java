package dev.alertuser.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.alertuser.payload.json.InvalidBodyException;
import dev.alertuser.payload.json.InvalidBodyException.Reason;
import dev.alertuser.payload.json.Json;
import dev.alertuser.service.alert.AlertId;
import java.io.File;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
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
        assertThat(ids.skipped()).hasSize(body.skipped);
        assertThat(ids.invalid()).isEmpty();
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

        assertThat(SenderBody.describe(ids)).containsExactly(GUID + " at vendorOriginalId");
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
        assertThat(read("{\"specversion\":\"1.0\",\"id\":\"e\",\"incidentId\":1,\"data\":{}}"))
                .containsExactly("noAlert");
        assertThat(read("{\"SystemAlertId\":\"" + GUID + "\"}"))
                .containsExactly("sentinelId at systemAlertId: " + GUID);
        assertThat(read("{\"SystemAlertId\":\"" + GUID + "\",\"VendorOriginalId\":\"" + GUID.toUpperCase(Locale.ROOT)
                        + "\"}"))
                .containsExactly("sentinelId at vendorOriginalId: " + GUID.toUpperCase(Locale.ROOT));
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
                arguments("{\"hello\":\"world\"}", Reason.NO_ALERT_ID, NO_KNOWN_KIND),
                arguments("{}", Reason.NO_ALERT_ID, NO_KNOWN_KIND),
                arguments("[{}]", Reason.NO_ALERT_ID, NO_KNOWN_KIND),
                arguments("{\"alertId\":null}", Reason.NO_ALERT_ID, NO_KNOWN_KIND),
                arguments("{\"value\":\"da1_1\",\"body\":\"da1_2\"}", Reason.NO_ALERT_ID, NO_KNOWN_KIND));
    }

    private static final String NO_KNOWN_KIND = "no alert id found; looked at alertId, alertIds[*], AlertIds[*],"
            + " customDetails.AlertId[*], alertWebUrl, providerAlertId, resourceData.id, resource, id,"
            + " sourceMaterials[*], additionalData.Custom Details.AlertId[*],"
            + " ExtendedProperties.Custom Details.AlertId[*], alertLink, vendorOriginalId, systemAlertId,"
            + " in the body and within body, object, properties, alerts, value, records, results";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"alertId":42}                         | alertId must be an alert id as a string but is a number
            {"alertIds":[null]}                    | alertIds[0] must be an alert id as a string but is null
            {"alertIds":7}                         | alertIds must be an alert id as a string but is a number
            [true]                                 | [0] must be an alert id as a string, or an object that holds one, but is a boolean
            {"alerts":[null]}                      | alerts[0] must be an alert id as a string, or an object that holds one, but is null
            {"specversion":"1.0","data":7}         | data must be an alert id as a string, or an object that holds one, but is a number
            {"specversion":"1.0","data":"{x"}      | data must be JSON but is not valid at line 1, column 2
            {"specversion":"1.0","data_base64":"?"} | data_base64 must be text in Base64
            {"alertId":"a","correlationId":"a b"}  | correlationId must be a string of 1 to 128 visible ASCII characters
            {"alertId":"a/b"}                      | alertId: alert id may hold only A-Z a-z 0-9 _ - but character 2 is '/'
            {"alertIds":["a/b"]}                   | alertIds[0]: alert id may hold only A-Z a-z 0-9 _ - but character 2 is '/'
            {"alertId":""}                         | alertId: alert id must have 1 to 128 characters but has 0
            ["a b"]                                | [0]: alert id may hold only A-Z a-z 0-9 _ - but character 2 is U+0020
            "a b"                                  | alert id may hold only A-Z a-z 0-9 _ - but character 2 is U+0020
            {"alerts":[{"alertId":"a b","serviceSource":"MDATP"}]} | alerts[0].alertId: alert id may hold only A-Z a-z 0-9 _ - but character 2 is U+0020
            {"AlertLink":"https://h/alerts/no%20id"} | alertLink: alert id may hold only A-Z a-z 0-9 _ - but character 3 is '%'
            """)
    void namesWhatIsNoIdWithoutSpoilingTheRest(String part, String message) {
        assertThat(read(part)).containsExactly("! " + message);
        assertThat(read("[\"" + ID + "\"," + part + ",{\"alertId\":\"da2_2\"}]"))
                .hasSize(3)
                .startsWith(ID + " at [0]", "da2_2 at [2].alertId")
                .last(InstanceOfAssertFactories.STRING)
                .startsWith("! [1]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"alertIds\":[]}",
                "{\"value\":[]}",
                "{\"alerts\":[]}",
                "{\"Results\":[],\"Schema\":[]}",
                "{\"records\":\"[]\"}",
                "{\"body\":{\"object\":{\"properties\":{\"incidentNumber\":1}}}}",
                "{\"incidentId\":28,\"incidentUri\":\"https://security.microsoft.com/incidents/28\"}",
            })
    void readsABodyOfAKnownKindThatHoldsNoAlert(String body) {
        assertThat(read(body)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"hello":"world"}                                        | noAlert at [1]
            {"category":"AdvancedHunting-DeviceInfo","properties":{}} | noAlert at [1]
            {"eventType":"e","data":{"hello":"world"}}               | noAlert at [1]
            {"specversion":"1.0"}                                    | noAlert at [1]
            {"alerts":[]}                                            | noAlert at [1]
            {"alertWebUrl":"https://security.microsoft.com/incidents/1"} | noAlert at [1]
            {"alerts":[{"serviceSource":"MDATP"}]}                   | noAlert at [1].alerts[0]
            {"changeType":"created"}                                 | noAlert at [1]
            {"lifecycleEvent":"missed"}                              | noAlert at [1]
            {"alertId":"aa1","serviceSource":"microsoftDefenderForIdentity"} | otherProduct at [1].alertId: aa1
            {"serviceSource":"microsoftDefenderForIdentity"}         | otherProduct at [1]
            {"alertId":"ra638200000000000009_1"}                     | otherProduct at [1].alertId: ra638200000000000009_1
            "sn00000000-0000-4000-8000-000000000028"                 | otherProduct at [1]: sn00000000-0000-4000-8000-000000000028
            {"alertId":"2517000000000000000_00000000-0000-4000-8000-000000000001"} | otherProduct at [1].alertId: 2517000000000000000_00000000-0000-4000-8000-000000000001
            {"id":"aa0f1e2d3c-0000-4000-8000-000000000001","providerAlertId":"0f1e2d3c-0000-4000-8000-000000000001","alertWebUrl":""} | otherProduct at [1].id: aa0f1e2d3c-0000-4000-8000-000000000001
            {"vendorOriginalId":"2518000000000000000_00000000-0000-4000-8000-000000000001"} | otherProduct at [1].vendorOriginalId: 2518000000000000000_00000000-0000-4000-8000-000000000001
            {"systemAlertId":"00000000-0000-4000-8000-000000000021"} | sentinelId at [1].systemAlertId: 00000000-0000-4000-8000-000000000021
            {"systemAlertId":"00000000-0000-4000-8000-000000000021","providerAlertId":"00000000-0000-4000-8000-000000000021"} | sentinelId at [1].providerAlertId: 00000000-0000-4000-8000-000000000021
            """)
    void namesWhatIsLeftOutAndWhy(String part, String skipped) {
        assertThat(read("[\"" + ID + "\"," + part + "]")).containsExactly(ID + " at [0]", skipped);
    }

    @Test
    void namesWhatIsMergedAsADuplicate() {
        assertThat(read("{\"alertIds\":[\"" + ID + "\",\"da2_2\",\" " + ID + "\"],\"alertId\":\"da2_2\"}"))
                .containsExactly(
                        "da2_2 at alertId",
                        ID + " at alertIds[0]",
                        "da2_2 again at alertIds[1]",
                        ID + " again at alertIds[2]");
    }

    @Test
    void takesCustomDetailsWhateverTheProductAndNamesTheBadOnesAmongThem() {
        String details = "{\"AlertId\":[\"" + ID + "\",\"n/a\",\"sn00000000-0000-4000-8000-000000000028\"]}";
        for (String alert : List.of(
                "{\"serviceSource\":\"microsoftSentinel\",\"id\":\"sn1\",\"customDetails\":%s}",
                "{\"productName\":\"Azure Sentinel\",\"additionalData\":{\"Custom Details\":%s}}",
                "{\"ProductName\":\"Azure Sentinel\",\"ExtendedProperties\":{\"Custom Details\":%s}}",
                "{\"alertId\":\"sn1\",\"serviceSource\":\"microsoftSentinel\",\"CustomDetails\":%s}")) {
            assertThat(read(alert.formatted(details)))
                    .hasSize(3)
                    .satisfiesExactly(
                            found -> assertThat(found).startsWith(ID),
                            skipped -> assertThat(skipped).startsWith("otherProduct at "),
                            invalid -> assertThat(invalid).startsWith("! ").contains("character 2 is '/'"));
        }
    }

    @Test
    void takesAnIdWithTheLettersOfDefenderForEndpointWhateverTheProduct() {
        assertThat(read("{\"id\":\"" + ID + "\",\"serviceSource\":\"microsoft365Defender\"}"))
                .containsExactly(ID + " at id");
        assertThat(read("{\"id\":\"daily\",\"serviceSource\":\"microsoft365Defender\"}"))
                .containsExactly("otherProduct at id: daily");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\n\n", " \n "})
    void readsLinesOfJson(String newLine) {
        String lines = String.join(newLine, "{\"alertId\":\"da1_1\"}", "[\"da2_2\"]", "{x", "{}", "\"da3_3\"");

        assertThat(read(lines))
                .containsExactly(
                        "da1_1 at [0].alertId",
                        "da2_2 at [1][0]",
                        "da3_3 at [4]",
                        "noAlert at [3]",
                        "! [2] must be JSON but is not valid at line 1, column 2");
        assertThat(read(Json.MAPPER.createObjectNode().put("body", lines).toString()))
                .hasSize(5)
                .startsWith("da1_1 at body[0].alertId");
    }

    @Test
    void readsTheDataOfCloudEventsInAllTheirForms() {
        String data = "{\"alertId\":\"" + ID + "\"}";
        String base64 = Base64.getEncoder().encodeToString(data.getBytes(StandardCharsets.UTF_16LE));

        assertThat(read("{\"specversion\":\"1.0\",\"id\":\"e\",\"data_base64\":\"" + base64 + "\"}"))
                .containsExactly(ID + " at data_base64.alertId, e");
        assertThat(SenderBody.describeAll(AlertIds.ofEventData(data, LIMIT))).containsExactly(ID + " at alertId");
        assertThat(SenderBody.describeAll(AlertIds.ofEventData("{\"hello\":\"world\"}", LIMIT)))
                .containsExactly("noAlert");
        assertThat(SenderBody.describeAll(AlertIds.ofEventData("", LIMIT))).containsExactly("noAlert");
        assertThatThrownBy(() -> AlertIds.ofEventData(ID, LIMIT)).hasMessageEndingWith("but is bare text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16"})
    void readsUtf16ThatWasTakenForUtf8(String charset) {
        String body = "{\"alertId\":\"" + ID + "\",\"note\":\"\u00fc\"}";
        String misread = new String(body.getBytes(Charset.forName(charset)), StandardCharsets.UTF_8);

        assertThat(SenderBody.describe(AlertIds.ofBody(misread, LIMIT))).containsExactly(ID + " at alertId");
    }

    @Test
    void takesBase64OfBase64ForNoId() {
        assertInvalid(
                Base64.getEncoder().encodeToString(ID.getBytes(StandardCharsets.UTF_8)),
                LIMIT,
                Reason.INVALID_BODY,
                "the body must be an alert id, or JSON that holds one, but is Base64 within Base64");
    }

    @Test
    void survivesTheDeepestNestingThatItReads() {
        String body = "{\"alertId\":\"" + ID + "\"}";
        for (int i = 0; i < 7; i++) {
            body = "[".repeat(60) + Json.MAPPER.getNodeFactory().textNode(body) + "]".repeat(60);
        }

        assertThat(read(body)).hasSize(1);
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
    void tellsTheClientStateOfNotificationsInEncodedAndInnerTexts() {
        String notification =
                "{\"changeType\":\"created\",\"clientState\":\"made-up\",\"resourceData\":{\"id\":\"" + ID + "\"}}";
        String lines = notification + "\n{\"alertId\":\"da2_2\"}";
        String base64 = Base64.getUrlEncoder().encodeToString(notification.getBytes(StandardCharsets.UTF_8));

        for (String body : List.of(
                lines,
                Json.MAPPER.createObjectNode().put("body", lines).toString(),
                "{\"specversion\":\"1.0\",\"data_base64\":\"" + base64 + "\"}",
                "{\"specversion\":\"1.0\",\"data\":{\"value\":[" + notification + "]}}")) {
            AlertIds ids = AlertIds.ofBody(body, LIMIT);

            assertThat(ids.found()).extracting(FoundId::alertId).contains(new AlertId(ID));
            assertThat(ids.clientStates()).containsExactly("made-up");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"eventType\":\"Microsoft.EventGrid.SubscriptionValidationEvent\",\"data\":{\"validationCode\":\"c\",\"validationUrl\":\"https://x/alerts/da1_1\"}}]",
                "[{\"eventType\":\"Microsoft.EventGrid.SubscriptionDeletedEvent\",\"data\":{\"eventSubscriptionId\":\"/subscriptions/1\"}}]",
                "[{\"specversion\":\"1.0\",\"type\":\"Microsoft.EventGrid.SubscriptionDeletedEvent\",\"data\":{\"eventSubscriptionId\":\"/s/1\"}}]",
            })
    void findsNoAlertInAnEventOfTheSubscriptionItself(String body) {
        assertThat(read(body)).containsExactly("noAlert at [0]");
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
        assertThat(read("{\"alertId\":\"" + "a".repeat(AlertIds.MAX_BYTES - 14) + "\"}"))
                .containsExactly("! alertId: alert id must have 1 to 128 characters but has 1048562");
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
    void readsJsonInJsonEightTimesAndNoFurther() {
        String body = "{\"alertId\":\"" + ID + "\"}";
        for (int i = 0; i < 8; i++) {
            body = Json.MAPPER.getNodeFactory().textNode(body).toString();
        }
        assertThat(idsOf(body)).containsExactly(ID);

        assertThat(read(Json.MAPPER.getNodeFactory().textNode(body).toString()))
                .containsExactly("! alert id may hold only A-Z a-z 0-9 _ - but character 1 is '{'");
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

            assertTooManyParts(body.formatted(many));
        }
    }

    @Test
    void stopsLookingAmidManyArraysOfNothing() {
        String many =
                Stream.generate(() -> "{\"value\":[{},{},{}]}").limit(40_000).collect(Collectors.joining(","));

        assertTooManyParts("[" + many + "]");
    }

    @Test
    void readsAsManyLinesAsPartsAndNoMore() {
        assertThat(AlertIds.ofBody("[]\n" + "{}\n".repeat(9_999), LIMIT).skipped())
                .hasSize(10_000);
        assertTooManyParts("[]\n" + "{}\n".repeat(10_000));
    }

    /** Every inner text may hold a notification, so each is opened, even where no alert is looked for. */
    @Test
    void opensAsManyInnerTextsAsPartsAndNoMore() {
        String body = "{\"alertId\":\"a\",\"other\":[%s\"\"]}";

        assertThat(idsOf(body.formatted("\"{}\",".repeat(10_000)))).containsExactly("a");
        assertTooManyParts(body.formatted("\"{}\",".repeat(10_001)));
    }

    private static void assertTooManyParts(String body) {
        assertInvalid(
                body,
                LIMIT,
                Reason.TOO_MANY_ALERTS,
                "the body must be smaller: it has more than 10000 parts in which to look for alert ids");
    }

    @Test
    void keepsTheCorrelationIdOfAnInvalidEntry() {
        assertThat(AlertIds.ofBody("{\"alertId\":\"a b\",\"correlationId\":\"run-0815\"}", LIMIT)
                        .invalid())
                .extracting(InvalidEntry::correlationId)
                .containsExactly("run-0815");
    }

    private static List<String> read(String body) {
        return SenderBody.describeAll(AlertIds.ofBody(body, LIMIT));
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
