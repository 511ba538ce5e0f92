package dev.alertuser.payload;

import dev.alertuser.service.alert.AlertId;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Recognises the product of an alert id by its form. */
final class IdOrigin {
    /**
     * Prefixes of ids and their products:
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

    private static final String GUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";

    private static final Pattern BARE_GUID = Pattern.compile(GUID);

    /** Checks only the start of the GUID: the documentation shows ids that continue with other letters. */
    private static final Pattern PREFIXED = Pattern.compile("([a-z]{2})[0-9a-fA-F]{8}.*");

    /** Descending ticks and a GUID. Defender for Endpoint's ticks ascend and begin with 6. */
    private static final Pattern DEFENDER_FOR_CLOUD = Pattern.compile("25[0-9]{14,18}_" + GUID);

    private static final Pattern ENDPOINTS_OWN = Pattern.compile("(?:da|ed)(?:[0-9]{10,}_-?[0-9]+|[0-9a-fA-F]{8}-.*)");

    private IdOrigin() {}

    static boolean isBareGuid(AlertId alertId) {
        return BARE_GUID.matcher(alertId.value()).matches();
    }

    /** Whether the id has Defender for Endpoint's own prefix, which outweighs the product that an alert names. */
    static boolean isEndpoints(AlertId alertId) {
        return ENDPOINTS_OWN.matcher(alertId.value()).matches();
    }

    /** One sentence that names the other product with ids of this form; empty for an id that may be Defender for Endpoint's. */
    static Optional<String> otherProduct(AlertId alertId) {
        if (isBareGuid(alertId)) {
            return Optional.empty();
        }
        if (DEFENDER_FOR_CLOUD.matcher(alertId.value()).matches()) {
            return Optional.of("This id has the form of Microsoft Defender for Cloud's;"
                    + " only alerts of Defender for Endpoint are known here.");
        }
        Matcher prefixed = PREFIXED.matcher(alertId.value());
        @Nullable String product = prefixed.matches() ? PRODUCTS.get(prefixed.group(1)) : null;
        return Optional.ofNullable(product)
                .map(name -> "This id begins with \"" + prefixed.group(1) + "\", which marks alerts of " + name
                        + "; only alerts of Defender for Endpoint are known here.");
    }
}
