package dev.alertuser.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The secret that Microsoft Graph repeats in each change notification, which tells its notifications from forged ones. */
public record ClientState(String value) {

    /** Whether {@code text} is this secret. Compares in constant time. */
    public boolean isGivenAs(String text) {
        return MessageDigest.isEqual(value.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8));
    }

    /** Withholds the secret. */
    @Override
    public String toString() {
        return "ClientState[withheld]";
    }
}
