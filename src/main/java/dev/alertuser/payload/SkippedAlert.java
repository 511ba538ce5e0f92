package dev.alertuser.payload;

import dev.alertuser.service.alert.AlertId;
import org.jspecify.annotations.Nullable;

/**
 * A part of a body that was left out, at no cost, because Defender for Endpoint has no answer to it.
 *
 * @param path where it stands: the id, or else the alert or event without one; empty for the body itself
 * @param alertId the id that is not asked for; null if there is none
 * @param message why, in one sentence; it quotes nothing of the body and may be shown to the caller
 */
public record SkippedAlert(String path, @Nullable AlertId alertId, Reason reason, String message) {

    /** Why a part of a body was left out. Callers branch on the code. */
    public enum Reason {
        /** The alert names another product, or its id has the form of another product's. */
        OTHER_PRODUCT("otherProduct"),
        /** An id of Sentinel's own, which Defender does not know. */
        SENTINEL_ID("sentinelId"),
        /** No alert, or none that has an id where ids are looked for. */
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
