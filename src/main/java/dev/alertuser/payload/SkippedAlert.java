package dev.alertuser.payload;

import dev.alertuser.service.alert.AlertId;
import org.jspecify.annotations.Nullable;

/**
 * A part of a body that is left out, at no cost, because Defender for Endpoint has no answer for it.
 *
 * @param path place of the id, or of the alert or event without one; empty for the body itself
 * @param alertId the id that is not looked up; null if there is none
 * @param message the reason, in one sentence; it quotes nothing of the body and may be shown to the caller
 */
public record SkippedAlert(String path, @Nullable AlertId alertId, Reason reason, String message) {

    /** Why a part of a body is left out. Callers branch on the code. */
    public enum Reason {
        /** The alert names another product, or its id has the form of another product's. */
        OTHER_PRODUCT("otherProduct"),
        /** The id was made by Sentinel, and Defender does not know it. */
        SENTINEL_ID("sentinelId"),
        /** The part is no alert, or has no id at any known path. */
        NO_ALERT("noAlert");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }
}
