package dev.alertuser.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every part of a body is accounted for, once: its ids, or why it has none. */
class AccountedPartsTest {
    private static final int LIMIT = 500;
    private static final String ID = "da637472900382838869_1364969609";
    private static final String GUID = "d4e5f6a7-0000-4000-8000-00000000000a";
    private static final String OTHER_PRODUCTS = "sn00000000-0000-4000-8000-000000000028";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ["a","a"]    | a at [0].alertIds[0]  | a again at [0].alertIds[1]
            ["a","SN"]   | a at [0].alertIds[0]  | otherProduct at [0].alertIds[1]: SN
            ["a","b/"]   | a at [0].alertIds[0]  | ! [0].alertIds[1]: alert id may hold only A-Z a-z 0-9 _ - but character 2 is '/'
            ["SN","b/"]  | otherProduct at [0].alertIds[0]: SN | ! [0].alertIds[1]: alert id may hold only A-Z a-z 0-9 _ - but character 2 is '/'
            """)
    void aPartWithTwoFindingsIsNoPartWithoutAny(String ids, String first, String second) {
        assertThat(read("[{\"alertIds\":%s}]".replace("%s", ids).replace("SN", OTHER_PRODUCTS)))
                .containsExactly(first.replace("SN", OTHER_PRODUCTS), second.replace("SN", OTHER_PRODUCTS));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"serviceSource":"MDATP"}          | This is a Graph alert without an id at customDetails.AlertId[*], id, alertWebUrl, providerAlertId.
            {"serviceSource":"MDATP","id":" "} | This is a Graph alert without an id at customDetails.AlertId[*], id, alertWebUrl, providerAlertId.
            {"changeType":"created"}           | This is a Graph change notification without an id at resourceData.id, resource.
            {"alertLink":""}                   | This is a Sentinel alert without an id at additionalData.Custom Details.AlertId[*], ExtendedProperties.Custom Details.AlertId[*], alertLink, vendorOriginalId, providerAlertId, systemAlertId.
            """)
    void anAlertWithoutAnIdIsToldWhereOneWasExpected(String alert, String message) {
        assertThat(AlertIds.ofBody(alert, LIMIT).skipped())
                .extracting(SkippedAlert::message)
                .containsExactly(message);
    }

    @Test
    void aRowOfIncidentsNamesEachOfItsIds() {
        assertThat(read("{\"IncidentNumber\":7,\"AlertIds\":[\"" + GUID + "\",\"a b\"]}"))
                .containsExactly(
                        "sentinelId at AlertIds[0]: " + GUID,
                        "! AlertIds[1]: alert id may hold only A-Z a-z 0-9 _ - but character 2 is U+0020");
    }

    @Test
    void anUnusableIdIsNotNamedIfALaterPathHasAUsableOne() {
        assertThat(read("{\"systemAlertId\":\"" + GUID + "\",\"vendorOriginalId\":\"" + GUID
                        + "\",\"providerAlertId\":\"" + ID + "\"}"))
                .containsExactly(ID + " at providerAlertId");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"incidentNumber\":7,\"body\":\"text\"}", "{\"incidentUri\":\"x\",\"value\":7}"})
    void anIncidentMayHaveMembersNamedLikeAWrapper(String body) {
        assertThat(read(body)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "?"})
    void anAlertWithABlankProductNamesNone(String product) {
        String id = "636688558380765161_2136280442";

        assertThat(read("{\"id\":\"" + id + "\",\"alertWebUrl\":\"x\",\"productName\":\"" + product + "\"}"))
                .containsExactly(id + " at id");
    }

    private static List<String> read(String body) {
        return SenderBody.describeAll(AlertIds.ofBody(body, LIMIT));
    }
}
