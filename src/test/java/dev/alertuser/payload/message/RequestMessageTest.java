package dev.alertuser.payload.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.alertuser.payload.SenderBody;
import dev.alertuser.payload.json.InvalidBodyException;
import dev.alertuser.payload.json.InvalidBodyException.Reason;
import dev.alertuser.service.alert.AlertId;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestMessageTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final AlertId ID = new AlertId("da637472900382838869_1364969609");

    @Test
    void readsABareId() {
        assertThat(RequestMessage.read(" " + ID + "\n")).isEqualTo(new RequestMessage(ID, null, null, null, 0));
    }

    @Test
    void readsTheFormOthersWrite() {
        assertThat(RequestMessage.read("{\"alertId\":\"" + ID + "\",\"correlationId\":\"run-0815\"}"))
                .isEqualTo(new RequestMessage(ID, "run-0815", null, null, 0));
    }

    @Test
    void readsABodyWithExactlyOneId() {
        assertThat(RequestMessage.read(SenderBody.CLOUD_EVENT.text()))
                .isEqualTo(new RequestMessage(new AlertId("da638141414141414141_141414141"), "case-77", null, null, 0));
        assertThatThrownBy(() -> RequestMessage.read(SenderBody.SENTINEL_INCIDENT.text()))
                .isInstanceOf(InvalidBodyException.class)
                .hasMessage("the body must hold at most 1 alert id but holds more");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"alertIds":["a","b/c"]}     | INVALID_ALERT_ID | alertIds[1]: alert id may hold only A-Z a-z 0-9 _ - but character 2 is '/'
            {"alertId":7}                | INVALID_BODY     | alertId must be an alert id as a string but is a number
            ZGExXzE=                     | INVALID_BODY     | the body must be an alert id, or JSON that holds one, but is Base64 within Base64
            {"alerts":[]}                | NO_ALERT_ID      | no alert of Defender for Endpoint found
            {"alertId":"sn0f1e2d3c"}     | NO_ALERT_ID      | no alert of Defender for Endpoint found; alertId: This id begins with "sn", which marks alerts of Microsoft Sentinel; only alerts of Defender for Endpoint are known here.
            {"alertIds":["a","b"]}       | TOO_MANY_ALERTS  | the body must hold at most 1 alert id but holds more
            """)
    void refusesWhatIsNotOneAlert(String text, Reason reason, String message) {
        InvalidBodyException e = catchThrowableOfType(InvalidBodyException.class, () -> RequestMessage.read(text));

        assertThat(e).hasMessage(message);
        assertThat(e.reason()).isEqualTo(reason);
    }

    @Test
    void takesTheOneAlertAmongOthersOfOtherProducts() {
        assertThat(RequestMessage.read("{\"value\":[{\"id\":\"" + ID + "\",\"serviceSource\":\"MDATP\"},"
                                + "{\"id\":\"aa1\",\"serviceSource\":\"microsoftDefenderForIdentity\"}]}")
                        .alertId())
                .isEqualTo(ID);
    }

    @Test
    void takesNoMemberOfAnotherSendersFormForOneOfOurs() {
        assertThat(RequestMessage.read("{\"alertId\":\"" + ID
                        + "\",\"serviceSource\":\"MDATP\",\"firstSeen\":\"yesterday\",\"deferrals\":-1}"))
                .isEqualTo(new RequestMessage(ID, null, null, null, 0));
    }

    @Test
    void remembersWhenItWasFirstSeenAndHowOftenItWasPutOff() {
        RequestMessage message =
                RequestMessage.read("\"" + ID + "\"").believedAt(NOON, DAY).deferred("c-1");
        RequestMessage again = message.believedAt(NOON.plusSeconds(60), DAY).deferred("c-1");

        assertThat(message.toText())
                .isEqualTo("{\"alertId\":\"" + ID + "\",\"correlationId\":\"c-1\","
                        + "\"firstSeen\":\"2026-01-31T12:00:00Z\",\"deferrals\":1}");
        assertThat(again).isEqualTo(new RequestMessage(ID, "c-1", null, NOON, 2));
    }

    @Test
    void readsTheTraceOfOurFormAndOfAnEnvelope() {
        String own = "{\"alertId\":\"a\",\"traceparent\":\"" + TRACE + "\"}";
        String event = "{\"specversion\":\"1.0\",\"traceparent\":\"" + TRACE + "\",\"data\":\"a\"}";

        assertThat(RequestMessage.read(own).traceparent()).isEqualTo(TRACE);
        assertThat(RequestMessage.read(event).traceparent()).isEqualTo(TRACE);
        assertThat(RequestMessage.read(own.replace("00-", "zz-")).traceparent()).isNull();
    }

    @Test
    void countsDeferralsNoFurtherThanItCan() {
        RequestMessage most = RequestMessage.read(
                "{\"alertId\":\"a\",\"deferrals\":99999999999,\"firstSeen\":\"2026-01-31T12:00:00Z\"}");

        assertThat(most.deferrals()).isEqualTo(1_000_000);
        assertThat(most.deferred("c-1").deferrals()).isEqualTo(1_000_000);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-31T12:00:00Z, true",
        "2026-01-30T12:00:00Z, true",
        "2026-01-30T11:59:59Z, false",
        "2026-01-31T12:00:01Z, false"
    })
    void believesATimeBetweenTheExpiryAndTheQueue(Instant firstSeen, boolean believed) {
        RequestMessage message = new RequestMessage(ID, null, null, firstSeen, 3).believedAt(NOON, DAY);

        assertThat(message)
                .isEqualTo(new RequestMessage(ID, null, null, believed ? firstSeen : NOON, believed ? 3 : 0));
    }

    @Property
    void readsWhatItWrites(
            @ForAll("correlationIds") String correlationId,
            @ForAll @AlphaChars @StringLength(min = 1, max = 128) String id,
            @ForAll @LongRange(min = 0, max = 253_402_300_799_999L) long firstSeen,
            @ForAll @IntRange(min = 0, max = 1_000_000) int deferrals) {
        RequestMessage message =
                new RequestMessage(new AlertId(id), correlationId, TRACE, Instant.ofEpochMilli(firstSeen), deferrals);

        assertThat(RequestMessage.read(message.toText())).isEqualTo(message);
    }

    @Provide
    Arbitrary<String> correlationIds() {
        return Arbitraries.strings()
                .withCharRange('!', '~')
                .ofMinLength(1)
                .ofMaxLength(128)
                .injectNull(0.1);
    }

    @ParameterizedTest
    @CsvSource({
        "firstSeen, 5, firstSeen must be a time in UTC such as 2026-01-31T08:15:00Z",
        "firstSeen, '\"yesterday\"', firstSeen must be a time in UTC such as 2026-01-31T08:15:00Z",
        "firstSeen, '\"+100000-01-01T00:00:00Z\"', firstSeen must be a time in UTC such as 2026-01-31T08:15:00Z",
        "deferrals, '\"2\"', 'deferrals must be a whole number, 0 or more'",
        "deferrals, 1.5, 'deferrals must be a whole number, 0 or more'",
        "deferrals, -1, 'deferrals must be a whole number, 0 or more'",
    })
    void refusesMembersOfOursThatWeNeverWrote(String name, String value, String message) {
        InvalidBodyException e = catchThrowableOfType(
                InvalidBodyException.class,
                () -> RequestMessage.read(
                        "{\"alertId\":\"a\",\"correlationId\":\"run-0815\",\"" + name + "\":" + value + "}"));

        assertThat(e).hasMessage(message);
        assertThat(e.reason()).isEqualTo(Reason.INVALID_BODY);
        assertThat(e.correlationId()).isEqualTo("run-0815");
    }

    @Test
    void refusesToBeWhatItCouldNotRead() {
        assertThatThrownBy(() -> new RequestMessage(ID, "two words", null, null, 0))
                .hasMessage("correlationId must be a string of 1 to 128 visible ASCII characters");
        assertThatThrownBy(() -> new RequestMessage(ID, null, "00-1-2-3", null, 0))
                .hasMessage("traceparent must be one of the W3C's form");
        assertThatThrownBy(() -> new RequestMessage(ID, null, null, null, -1))
                .hasMessage("deferrals must be 0 to 1000000 but was -1");
    }
}
