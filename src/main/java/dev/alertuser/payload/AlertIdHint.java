package dev.alertuser.payload;

import dev.alertuser.service.AlertId;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says of an id that it is probably not Defender for Endpoint's. It is a hint for the answer to an unknown id, no reason to refuse
 * one: only Defender knows its ids.
 */
public final class AlertIdHint {
    /**
     * The letters before an id and the product they stand for:
     * https://learn.microsoft.com/defender-xdr/investigate-alerts#alert-sources. Defender for Endpoint itself writes da, ed or none.
     */
    private static final Map<String, String> PRODUCTS = Map.ofEntries(
            Map.entry("ra", "Microsoft Defender XDR"),
            Map.entry("ta", "Microsoft Defender XDR"),
            Map.entry("ea", "Microsoft Defender XDR"),
            Map.entry("fa", "Microsoft Defender for Office 365"),
            Map.entry("aa", "Microsoft Defender for Identity"),
            Map.entry("ri", "Microsoft Defender for Identity"),
            Map.entry("ca", "Microsoft Defender for Cloud Apps"),
            Map.entry("rm", "Microsoft Defender for Cloud Apps"),
            Map.entry("ma", "App Governance"),
            Map.entry("ad", "Microsoft Entra ID Protection"),
            Map.entry("dl", "Microsoft Data Loss Prevention"),
            Map.entry("dc", "Microsoft Defender for Cloud"),
            Map.entry("sn", "Microsoft Sentinel"),
            Map.entry("ir", "Microsoft Purview Insider Risk Management"));

    private static final Pattern BARE_GUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    /** Not the whole GUID: the documentation itself shows ids that go on with other letters. */
    private static final Pattern PREFIXED = Pattern.compile("([a-z]{2})[0-9a-fA-F]{8}.*");

    private AlertIdHint() {}

    /** One sentence for the caller, or empty for an id that has nothing odd. */
    public static Optional<String> of(AlertId alertId) {
        if (BARE_GUID.matcher(alertId.value()).matches()) {
            return Optional.of(
                    "This id is a bare GUID, as Sentinel keeps in VendorOriginalId and providerAlertId, which may differ"
                            + " from the id in Defender for Endpoint: the one at the end of the alert's link.");
        }
        Matcher prefixed = PREFIXED.matcher(alertId.value());
        @Nullable String product = prefixed.matches() ? PRODUCTS.get(prefixed.group(1)) : null;
        return Optional.ofNullable(product)
                .map(name -> "This id begins with \"" + prefixed.group(1) + "\", which marks alerts of " + name
                        + "; only alerts of Defender for Endpoint are known here.");
    }
}
