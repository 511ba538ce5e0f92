package dev.alertuser.payload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alertuser.payload.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** An alert in each form, and the ways in which senders wrap it. ID stands for the id. */
final class WrappedFormats {
    private WrappedFormats() {}

    /** One alert of Defender for Endpoint, in each of the documented places of its id. */
    enum Alert {
        OWN("{'alertId':'ID'}"),
        OWN_LIST("{'alertIds':['ID']}"),
        OWN_WITH_CORRELATION("{'alertId':'ID','correlationId':'run-0815'}"),
        XDR_ALERT("{'alertId':'ID','serviceSource':'MicrosoftDefenderForEndpoint','entities':[]}"),
        XDR_ALERT_BY_LINK(
                "{'alertId':'','serviceSource':'MDATP','alertWebUrl':'https://security.microsoft.com/alerts/ID?tid=1'}"),
        HUNTING_ROW("{'Timestamp':'2026-01-31','AlertId':'ID','ServiceSource':'Microsoft Defender for Endpoint'}"),
        STREAMING_RECORD(
                "{'category':'AdvancedHunting-AlertInfo','properties':{'AlertId':'ID','ServiceSource':'Microsoft Defender for Endpoint'}}"),
        GRAPH_NOTIFICATION("{'changeType':'created','resource':'security/alerts_v2/ID','resourceData':{'id':'ID'}}"),
        GRAPH_NOTIFICATION_BY_RESOURCE("{'changeType':'updated','resource':'security/alerts_v2(^ID^)'}"),
        GRAPH_NOTIFICATION_BY_BARE_RESOURCE("{'changeType':'updated','resource':'ID'}"),
        GRAPH_ALERT("{'id':'ID','serviceSource':'microsoftDefenderForEndpoint','incidentId':'28'}"),
        GRAPH_ALERT_BY_LINK("{'alertWebUrl':'https://security.microsoft.com/alerts/ID?tid=1'}"),
        GRAPH_ALERT_BY_DETAILS(
                "{'id':'sn00000000-0000-4000-8000-000000000028','serviceSource':'microsoftSentinel','customDetails':{'AlertId':['ID']}}"),
        LEGACY_GRAPH_ALERT("{'id':'ID','vendorInformation':{'provider':'Microsoft Defender ATP'}}"),
        SENTINEL_ALERT(
                "{'SystemAlertId':'s','ProductName':'Microsoft Defender Advanced Threat Protection','VendorOriginalId':'ID'}"),
        SENTINEL_ALERT_BY_LINK(
                "{'systemAlertId':'s','providerAlertId':'s','alertLink':'https://security.microsoft.com/alerts/ID'}"),
        SENTINEL_ENTITY(
                "{'id':'/subscriptions/1','kind':'SecurityAlert','properties':{'productName':'MDATP','providerAlertId':'ID'}}"),
        SENTINEL_ALERT_BY_DETAILS(
                "{'ProductName':'Azure Sentinel','ExtendedProperties':{'Custom Details':{'AlertId':['ID']}}}"),
        SENTINEL_ENTITY_BY_DETAILS(
                "{'properties':{'productName':'Azure Sentinel','additionalData':{'Custom Details':{'AlertId':'ID'}}}}"),
        ENDPOINT_ALERT("{'id':'ID','incidentId':1,'machineId':'m'}");

        private final String json;

        Alert(String json) {
            this.json = json.replace('\'', '"').replace('^', '\'');
        }

        String json(String id) {
            return json.replace("ID", id);
        }
    }

    /** One layer around a value: JSON in, JSON out. */
    @SuppressWarnings("ImmutableEnumChecker") // its functions hold no state, which their type cannot tell
    enum Layer {
        NONE(UnaryOperator.identity()),
        BODY(value -> member("body", value)),
        UPPER_BODY(value -> "{\"headers\":{},\"Body\":" + value + "}"),
        TRIGGER(value -> "{\"objectSchemaType\":\"Incident\",\"object\":" + value + "}"),
        PROPERTIES(value -> member("properties", value)),
        ALERTS(value -> member("alerts", "[" + value + "]")),
        ALERTS_AS_OBJECT(value -> member("alerts", value)),
        VALUE(value -> "{\"@odata.context\":\"c\",\"value\":[" + value + "]}"),
        RECORDS(value -> member("records", "[" + value + "]")),
        RESULTS(value -> "{\"Schema\":[{\"Name\":\"AlertId\"}],\"Results\":[" + value + "]}"),
        LIST(value -> "[" + value + "]"),
        TEXT(value -> text(value)),
        MEMBER_TEXT(value -> member("value", text(value))),
        CLOUD_EVENT(value -> "{\"specversion\":\"1.0\",\"type\":\"t\",\"source\":\"s\",\"data\":" + value + "}"),
        CLOUD_EVENT_TEXT(value -> "{\"specversion\":\"1.0\",\"data\":" + text(value) + "}"),
        CLOUD_EVENT_BASE64(value -> "{\"specversion\":\"1.0\",\"data_base64\":\"" + base64(value) + "\"}"),
        EVENT_GRID(value -> "[{\"id\":\"1\",\"eventType\":\"t\",\"data\":" + value + "}]"),
        UPPER_CASE(value ->
                upper(Json.open(Json.MAPPER.getNodeFactory().textNode(value))).toString());

        private final UnaryOperator<String> around;

        Layer(UnaryOperator<String> around) {
            this.around = around;
        }

        String around(String json) {
            return around.apply(json);
        }
    }

    /** What is around the whole body; JSON in, a text out that may be none. */
    @SuppressWarnings("ImmutableEnumChecker") // as above
    enum Outside {
        PLAIN(UnaryOperator.identity()),
        MARKED(value -> "\uFEFF" + value),
        SPACED(value -> " \r\n\t" + value + "\n"),
        LINES(value -> value + "\n" + "{\"alerts\":[]}" + "\n"),
        UTF_16_AS_UTF_8(value -> new String(value.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.UTF_8));

        private final UnaryOperator<String> around;

        Outside(UnaryOperator<String> around) {
            this.around = around;
        }

        String around(String json) {
            return around.apply(json);
        }
    }

    private static String member(String name, String value) {
        return "{\"" + name + "\":" + value + "}";
    }

    private static String text(String value) {
        return Json.MAPPER.getNodeFactory().textNode(value).toString();
    }

    private static String base64(String value) {
        return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode upper(JsonNode value) {
        if (!(value instanceof ObjectNode object)) {
            return value;
        }
        ObjectNode upper = Json.MAPPER.createObjectNode();
        object.properties()
                .forEach(member -> upper.set(member.getKey().toUpperCase(Locale.ROOT), upper(member.getValue())));
        return upper;
    }
}
