package dev.alertuser.payload;

import dev.alertuser.service.alert.AlertId;
import java.util.Optional;

/**
 * Says of an id that it is probably not Defender for Endpoint's. It is a hint for the answer to an unknown id that somebody asked for alone,
 * no reason to refuse one: only Defender knows its ids.
 */
public final class AlertIdHint {
    private AlertIdHint() {}

    /** One sentence for the caller, or empty for an id that has nothing odd. */
    public static Optional<String> of(AlertId alertId) {
        if (IdOrigin.isBareGuid(alertId)) {
            return Optional.of(
                    "This id is a bare GUID, as Sentinel keeps in VendorOriginalId and providerAlertId, which may differ"
                            + " from the id in Defender for Endpoint: the one at the end of the alert's link.");
        }
        return IdOrigin.otherProduct(alertId);
    }
}
