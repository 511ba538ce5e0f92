package dev.alertuser.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.payload.json.EncodedText;
import dev.alertuser.payload.json.InvalidBodyException;
import dev.alertuser.payload.json.InvalidBodyException.Reason;
import dev.alertuser.payload.json.Json;
import dev.alertuser.payload.message.RequestMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies and messages as people sent them in public, and what is right for each. A file may hold several, each to be sent alone. */
class FieldCasesTest {
    private static final Path CASES = Path.of("src/test/resources/cases");
    private static final int LIMIT = 500;
    private static final String ID = "da638200000000000001_-1000000001";
    private static final String OTHER_ID = "da638200000000000002_1000000002";
    private static final String GUID = "00000000-0000-4000-8000-0000000000";

    private static final Set<String> LOOKED_AT = new TreeSet<>();

    @Test
    void findsTheAlertOfGraphsSingleNotificationInACloudEvent() throws Exception {
        AlertIds ids = AlertIds.ofBody(file("06-graph-alertcreated-cloudevent.json"), LIMIT);

        assertThat(SenderBody.describeAll(ids))
                .containsExactly(ID + " at data.resourceData.id, 00000000-0000-4000-8000-000000000011");
        assertThat(ids.clientStates()).containsExactly("agreed");
    }

    @ParameterizedTest
    @CsvSource({
        "07-eventgrid-bad-neighbour.json, ID at [2].data.alertId",
        "11-sentinel-incident-alerts-rest.json, ID at value[0].properties.alertLink",
        "12-sentinel-alerts-array-bare.json, ID at [0].properties.alertLink",
        "14-hunting-results.json, ID at results[0].alertId",
        "16-xdr-da-prefix-other-source.json, ID at value[0].id",
        "17-graph-customdetails-alertid.json, ID at value[0].customDetails.AlertId[0]",
        "21-graph-legacy-alert.json, ID at value[0].id",
        "34-da-guid-underscore.json, da00000000-0000-4000-8000-000000000051_1 at value[0].id",
        "35-custom-detection-ed.json, ed638200000000000004_-1000000004 at id",
        "36-xdr-alerts-as-object.json, ID at alerts.alertId",
        "38-pascalcase-incident.json, ID at object.properties.alerts[0].properties.alertLink",
    })
    void findsTheAlertWhereTheSenderPutsIt(String file, String found) throws Exception {
        AlertIds ids = AlertIds.ofBody(file(file), LIMIT);

        assertThat(SenderBody.describe(ids)).containsExactly(found.replace("ID", ID));
    }

    @Test
    void namesTheBadEventsOfABatch() throws Exception {
        assertThat(AlertIds.ofBody(file("07-eventgrid-bad-neighbour.json"), LIMIT)
                        .invalid())
                .extracting(InvalidEntry::message)
                .containsExactly(
                        "[0].data.alertId must be an alert id as a string but is a number",
                        "[1].data.alertId: alert id may hold only A-Z a-z 0-9 _ - but character 2 is '/'");
    }

    @Test
    void takesAnEventWithoutAlertForAGoodOne() throws Exception {
        assertThat(read("08-eventgrid-event-without-alert.json")).containsExactly("noAlert at [0]");
    }

    @Test
    void findsTheAlertInOtherPartsOfTheTriggerBody() throws Exception {
        String alerts = file("12-sentinel-alerts-array-bare.json");
        String alert = json(alerts).get(0).toString();

        assertThat(SenderBody.describeAll(AlertIds.ofBody(alert, LIMIT)))
                .containsExactly(ID + " at properties.alertLink");
        assertThat(SenderBody.describeAll(AlertIds.ofBody("{\"properties\":{\"alerts\":" + alerts + "}}", LIMIT)))
                .containsExactly(ID + " at properties.alerts[0].properties.alertLink");
    }

    @Test
    void namesTheRowOfAnotherProduct() throws Exception {
        assertThat(read("14-hunting-results.json"))
                .endsWith("otherProduct at results[1].alertId: ra638200000000000009_1");
    }

    @Test
    void asksForNoneOfSentinelsOwnIds() throws Exception {
        JsonNode rows = json(file("15-securityincident-alertids.json"));

        assertThat(SenderBody.describeAll(AlertIds.ofBody(rows.get(0).toString(), LIMIT)))
                .containsExactly(
                        "sentinelId at AlertIds[0]: " + GUID + "24", "sentinelId at AlertIds[1]: " + GUID + "25");
        assertThat(SenderBody.describeAll(AlertIds.ofBody(rows.get(1).toString(), LIMIT)))
                .containsExactly("sentinelId at AlertIds[0]: " + GUID + "27");
    }

    @Test
    void readsAnIncidentWithoutAlerts() throws Exception {
        for (JsonNode incident : json(file("19-empty-incident.json"))) {
            assertThat(SenderBody.describeAll(AlertIds.ofBody(incident.toString(), LIMIT)))
                    .isEmpty();
        }
    }

    @Test
    void readsAMessageInBase64OfManyLines() throws Exception {
        RequestMessage message = message(file("22-queue-base64-wrapped.txt"));

        assertThat(message.alertId()).hasToString(ID);
        assertThat(message.correlationId()).isEqualTo("case-77-with-a-rather-long-correlation-id-0001");
    }

    @Test
    void readsAMessageInBase64OfUtf16() throws Exception {
        List<String> messages = file("23-queue-base64-utf16.txt").lines().toList();

        assertThat(message(messages.get(0)).alertId()).hasToString(ID);
        assertThat(message(messages.get(1)).alertId()).hasToString(GUID + "31");
    }

    @Test
    void findsAllCustomDetails() throws Exception {
        assertThat(read("37-custom-details-object.json"))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith(ID),
                        second -> assertThat(second).startsWith(OTHER_ID));
    }

    @Test
    void saysWhereItLookedIfPowerShellCutTheBody() throws Exception {
        String body = file("40-convertto-json-depth.json");
        InvalidBodyException e = catchThrowableOfType(InvalidBodyException.class, () -> AlertIds.ofBody(body, LIMIT));

        assertThat(e.reason()).isEqualTo(Reason.NO_ALERT_ID);
        assertThat(e).hasMessageContaining("alertLink").hasMessageContaining("object, properties, alerts");
    }

    @Test
    void takesANullProductNameForNone() throws Exception {
        assertThat(read("41-playbook-null-productname.json"))
                .containsExactly(
                        ID + " at object.properties.alerts[0].properties.alertLink",
                        OTHER_ID + " at object.properties.alerts[1].properties.alertLink");
    }

    @Test
    void takesABatchOf1MiBAndRefusesAByteMore() {
        String event = "[{\"id\":\"1\",\"eventType\":\"Contoso.AlertRaised\",\"data\":{\"alertId\":\"" + ID
                + "\",\"padding\":\"%s\"}}]";
        String body = event.formatted("x".repeat(AlertIds.MAX_BYTES - event.length() + 2));

        assertThat(SenderBody.describeAll(AlertIds.ofBody(body, LIMIT))).containsExactly(ID + " at [0].data.alertId");
        assertThat(catchThrowableOfType(InvalidBodyException.class, () -> AlertIds.ofBody(body + " ", LIMIT))
                        .reason())
                .isEqualTo(Reason.TOO_LARGE);
    }

    @AfterAll
    static void readsEachCaseOnFile() {
        assertThat(CASES.toFile().list()).containsExactlyInAnyOrderElementsOf(LOOKED_AT);
    }

    private static List<String> read(String name) throws IOException {
        return SenderBody.describeAll(AlertIds.ofBody(file(name), LIMIT));
    }

    private static RequestMessage message(String text) {
        return RequestMessage.read(EncodedText.ofBase64(text).orElse(text));
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return Json.read(text);
    }

    private static String file(String name) throws IOException {
        LOOKED_AT.add(name);
        return Files.readString(CASES.resolve(name), UTF_8);
    }
}
