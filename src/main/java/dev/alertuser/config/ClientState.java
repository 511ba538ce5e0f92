package dev.alertuser.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The secret that Microsoft Graph repeats in each change notification, so that one can tell its notifications from others. */
public record ClientState(String value) {

    /** Whether a notification gives this secret; takes as long for one that is nearly right as for any other. */
    public boolean isGivenAs(String text) {
        return MessageDigest.isEqual(value.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8));
    }

    /** Says nothing of the secret. */
    @Override
    public String toString() {
        return "ClientState[withheld]";
    }
}
