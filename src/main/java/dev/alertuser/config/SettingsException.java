package dev.alertuser.config;

/** A setting is missing or malformed. The operator must mend it; the message names it and says what was expected; it holds nothing of the value. */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SettingsException(String message) {
        super(message);
    }
}
