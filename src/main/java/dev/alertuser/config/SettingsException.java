package dev.alertuser.config;

/** A setting is missing or malformed; the operator must correct it. The message names the setting and the expected form, not the value. */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SettingsException(String message) {
        super(message);
    }
}
