package dev.alertuser.payload;

import dev.alertuser.service.alert.AlertId;
import java.util.Optional;

/**
 * A hint that an id is probably not Defender for Endpoint's. It goes into the answer to a single unknown id and is no reason to refuse one:
 * only Defender knows its ids.
 */
public final class AlertIdHint {
    private AlertIdHint() {}

    /** One sentence for the caller; empty for an id without a suspicious form. */
    public static Optional<String> of(AlertId alertId) {
        if (IdOrigin.isBareGuid(alertId)) {
            return Optional.of(
                    "This id is a bare GUID, as Sentinel keeps in VendorOriginalId and providerAlertId, which may differ"
                            + " from the id in Defender for Endpoint: the one at the end of the alert's link.");
        }
        return IdOrigin.otherProduct(alertId);
    }
}
