package dev.alertuser.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** A body for each sender, with made-up values, and what is to be found in it: ids, paths, correlation ids, alerts left out. */
@SuppressWarnings("ImmutableEnumChecker") // its list is unmodifiable, which its type cannot tell
public enum SenderBody {
    OWN_ALERT_ID("636688558380765161_2136280442 at alertId, run-0815"),
    OWN_ALERT_IDS("636688558380765161_2136280442 at alertIds[0]", "da637472900382838869_1364969609 at alertIds[1]"),
    OWN_STRING("da637308392288907382_-880718168 at "),
    OWN_ARRAY("da637308392288907382_-880718168 at [0]", "ed6f1f7c1e-52b0-4a7e-9a55-0d6f3a1b2c3d at [1]"),
    SENTINEL_INCIDENT(
            2,
            "da638011111111111111_-1000000001 at object.properties.alerts[0].properties.alertLink",
            "d4e5f6a7-0000-4000-8000-00000000000b at object.properties.alerts[1].properties.providerAlertId",
            "da638022222222222222_2000000002"
                    + " at object.properties.alerts[3].properties.additionalData.Custom Details.AlertId[0]",
            "da638033333333333333_3000000003"
                    + " at object.properties.alerts[3].properties.additionalData.Custom Details.AlertId[1]"),
    SENTINEL_ALERT("da638044444444444444_400000004 at alertLink"),
    SENTINEL_RULE_ALERT("da638055555555555555_500000005 at ExtendedProperties.Custom Details.AlertId[0]"),
    LOG_ANALYTICS_ROWS(1, "da638066666666666666_600000006 at value[0].vendorOriginalId"),
    GRAPH_ALERT("da637578995287051192_756343937 at id"),
    GRAPH_ALERT_LIST(
            1,
            "da638077777777777777_700000007 at value[0].id",
            "ed1b2c3d4e-0000-4000-8000-000000000012 at value[2].id"),
    GRAPH_CHANGE_NOTIFICATION(
            "da638088888888888888_800000008 at value[0].resourceData.id",
            "da638099999999999999_900000009 at value[1].resource"),
    DEFENDER_XDR_INCIDENT(1, "da638101010101010101_101010101 at alerts[1].alertId"),
    DEFENDER_ENDPOINT_ALERT("da637472900382838869_1364969609 at id"),
    STREAMING_API(2, "da638111111111111111_-111111111 at records[0].properties.alertId"),
    EVENT_GRID(
            "da638121212121212121_121212121 at [0].data.alertId",
            "da638131313131313131_131313131 at [1].data.alerts[0].alertId"),
    CLOUD_EVENT("da638141414141414141_141414141 at data.id, case-77"),
    CLOUD_EVENT_BATCH(
            1,
            "da638151515151515151_151515151 at [0].data.alertId, evt-0002",
            "da638161616161616161_161616161 at [1].data.alertId, case-78");

    final List<String> found;
    final int skipped;

    SenderBody(String... found) {
        this(0, found);
    }

    SenderBody(int skipped, String... found) {
        this.skipped = skipped;
        this.found = List.of(found);
    }

    public String text() {
        String file = "/payload/" + name().toLowerCase(Locale.ROOT).replace('_', '-') + ".json";
        try (InputStream in = SenderBody.class.getResourceAsStream(file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> describe(AlertIds ids) {
        return ids.found().stream().map(SenderBody::describe).toList();
    }

    /** All that was found and all that was not, in this order: ids, duplicates, what was left out with its reason, what is invalid. */
    static List<String> describeAll(AlertIds ids) {
        return Stream.of(
                        ids.found().stream().map(SenderBody::describe),
                        ids.duplicates().stream().map(found -> found.alertId() + " again at " + found.path()),
                        ids.skipped().stream()
                                .map(skipped -> skipped.reason().code()
                                        + (skipped.path().isEmpty() ? "" : " at " + skipped.path())
                                        + (skipped.alertId() == null ? "" : ": " + skipped.alertId())),
                        ids.invalid().stream().map(invalid -> "! " + invalid.message()))
                .flatMap(part -> part)
                .toList();
    }

    private static String describe(FoundId found) {
        return found.alertId() + " at " + found.path()
                + (found.correlationId() == null ? "" : ", " + found.correlationId());
    }
}
